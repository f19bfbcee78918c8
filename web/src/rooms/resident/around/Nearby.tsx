/** The neighbourhood: what is open and what was done, as a list and on the map. */
import { lazy, Suspense, useState } from "react";
import { Button, Empty, Notice, Select, Skeleton } from "@/ui/ui";
import { useAreas, useCity, useDoneNear, useNamed, useOpenNear } from "../data";
import { locate, type NoGps, useHere } from "../here";
import css from "../resident.module.css";
import { resident } from "../words";
import { CaseCard } from "./CaseCard";

const RADII = [300, 500, 1000, 2000];
const DEFAULT_M = 1000;
const AroundMap = lazy(() => import("./AroundMap"));

export default function Nearby() {
  const say = resident.use();
  const named = useNamed();
  const city = useCity();
  const { here, go } = useHere(city);
  const [radius, setRadius] = useState(DEFAULT_M);
  const [showDone, setShowDone] = useState(false);
  const [map, setMap] = useState(false);
  const [area, setArea] = useState("");
  const [wrong, setWrong] = useState<NoGps | null>(null);
  const areas = useAreas().filter((each) => each.code.length === 12);
  const open = useOpenNear(here, radius);
  const done = useDoneNear(here, radius);
  const cases = (showDone ? done.data?.items : open.data) ?? [];
  const asked = showDone ? done : open;

  const around = async () => {
    setArea("");
    setWrong(null);
    try {
      go(await locate());
    } catch (why) {
      setWrong(why === "gpsDenied" ? "gpsDenied" : "gpsAway");
    }
  };
  const choose = (code: string) => {
    setArea(code);
    const found = areas.find((each) => each.code === code);
    if (found) go({ lon: found.lon, lat: found.lat });
  };
  return (
    <>
      <h1>{showDone ? say("doneTitle") : say("nearTitle")}</h1>
      <div className={css.stack}>
        <div className={css.row} role="group" aria-label={say("near")}>
          <Button aria-pressed={!showDone} onClick={() => setShowDone(false)}>
            {say("showOpen")}
          </Button>
          <Button aria-pressed={showDone} onClick={() => setShowDone(true)}>
            {say("showDone")}
          </Button>
          <Button className={css.end} onClick={() => setMap(!map)}>
            {map ? say("asList") : say("onMap")}
          </Button>
        </div>
        <div className={css.two}>
          <Select label={say("neighbourhood")} value={area} empty={say("chooseArea")} choices={areas.map((each) => [each.code, named(each.name)] as const)} onChange={(event) => choose(event.target.value)} />
          <Select label={say("radius")} value={String(radius)} choices={RADII.map((each) => [String(each), say("away", { m: each })] as const)} onChange={(event) => setRadius(Number(event.target.value))} />
        </div>
        <Button onClick={() => void around()}>{say("aroundMe")}</Button>
      </div>
      {wrong && <Notice tone="wrong">{say("noGps", { why: say(wrong) })}</Notice>}
      {map && here && (
        <Suspense fallback={<Skeleton rows={4} says={say("mapWait")} />}>
          <AroundMap at={here} cases={cases} onChoose={(id) => document.getElementById(id)?.scrollIntoView({ block: "center" })} />
        </Suspense>
      )}
      {showDone && done.data && done.data.closed > 0 && <p>{say("lastWeekSays", { radius: radius / 1000, closed: done.data.closed, onTime: done.data.on_time })}</p>}
      {asked.isLoading && <Skeleton rows={4} says={say("loading")} />}
      {asked.isSuccess && cases.length === 0 && <Empty>{showDone ? say("lastWeekNone") : say("nearNone", { m: radius })}</Empty>}
      <ul className={css.list}>
        {cases.map((each) => (
          <CaseCard key={each.id} of={each} joins={!showDone} heading="h2" />
        ))}
      </ul>
    </>
  );
}
