/** The wall: the city now, read from six metres. Left the flow, in the middle the map, right what runs out and what is unusual. */
import { route } from "@/lib/paths";
import { timeOf } from "@/lib/dates";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useCode } from "@/api/codes";
import { useDark, wear } from "@/lib/theme";
import { Legend, MapView } from "@/map";
import { LAMPS as LAMP_SIGNS, Skeleton } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { nameIn, useWall, type Wall } from "./api";
import { BehindSheet, type Opened } from "./BehindSheet";
import css from "./board.module.css";
import { Channels } from "./Channels";
import { Clocks } from "./Clocks";
import { Flow } from "./Flow";
import { Units } from "./Units";
import { UnusualList } from "./Unusual";
import { board } from "./words";

export type Open = (opened: Opened) => void;
const LAMPS = ["red", "yellow", "green", "grey"] as const;
const CASES = {};

export default function Board() {
  const say = board.use();
  const asked = useWall();
  const [opened, setOpened] = useState<Opened | null>(null);
  const wall = asked.data;
  if (!wall) {
    return (
      <main className={css.wall}>
        <h1 className="unseen">{say("title")}</h1>
        {asked.isError ? <p className={css.failed} role="alert">{say("failed")}</p> : <Skeleton rows={9} says={say("loading")} />}
      </main>
    );
  }
  return (
    <main className={css.wall} data-seq={wall.seq}>
      <Head wall={wall} live={asked.live} broken={asked.isRefetchError} open={setOpened} />
      <Flow wall={wall} open={setOpened} />
      <Middle wall={wall} open={setOpened} />
      <div className={css.right}>
        <Clocks wall={wall} />
        <Units wall={wall} open={setOpened} />
        <UnusualList wall={wall} open={setOpened} />
      </div>
      {opened && <BehindSheet key={opened.key} opened={opened} close={() => setOpened((now) => (now === opened ? null : now))} />}
    </main>
  );
}

function Head({ wall, live, broken, open }: { wall: Wall; live: boolean; broken: boolean; open: Open }) {
  const say = board.use();
  const language = useLanguage();
  const at = timeOf(wall.at);
  return (
    <header className={css.head} data-two={language.includes("+") || undefined}>
      <div className={css.title}>
        <h1>
          {nameIn({ city: wall.city }, "city", language)} <span>{say("title")}</span>
        </h1>
        {wall.simulated && <span className={css.tag}>{say("simulated")}</span>}
      </div>
      <div className={css.totals}>
        <Figure onOpen={() => open({ key: "open", name: say("open"), count: wall.open })} label={say("open")} value={wall.open} />
        {LAMPS.map((lamp) => (
          <button key={lamp} type="button" className={css.total} onClick={() => open({ key: `lamp.${lamp}`, name: say(lamp), count: wall.lamps[lamp] })}>
            <i data-lamp={lamp} aria-hidden="true">{LAMP_SIGNS[lamp]}</i>
            <strong>{wall.lamps[lamp]}</strong>
            <span>{say(lamp)}</span>
          </button>
        ))}
      </div>
      <div className={css.now}>
        <Light />
        <span className={css.line} data-live={live && !broken} role="status">
          {broken ? say("stale", { time: at }) : say("live")}
        </span>
        <time dateTime={wall.at}>
          <span>{wall.day}</span>
          <strong>{at}</strong>
        </time>
      </div>
    </header>
  );
}

function Light() {
  const say = board.use();
  const dark = useDark();
  return (
    <button type="button" className={css.quiet} onClick={() => wear(dark ? "light" : "dark")}>
      {dark ? say("light") : say("dark")}
    </button>
  );
}

/** A figure that opens its cases. */
export function Figure({ label, value, tone, onOpen }: { label: string; value: number; tone?: "late" | undefined; onOpen: () => void }) {
  return (
    <button type="button" className={css.total} data-tone={tone} onClick={onOpen}>
      <strong>{value}</strong>
      <span>{label}</span>
    </button>
  );
}

function Middle({ wall, open }: { wall: Wall; open: Open }) {
  const say = board.use();
  const code = useCode();
  const [, go] = useLocation();
  const scale = useScale();
  return (
    <section className={css.middle} aria-label={say("map")}>
      <Title side={<Legend />}>{say("map")}</Title>
      <div className={css.mapBox}>
        <MapView
          className={css.map ?? ""}
          label={`${say("map")}. ${say("open")} ${wall.open}, ${code("lamp.red")} ${wall.lamps.red}`}
          cases={CASES}
          scale={scale}
          fresh={wall.seq}
          onSelect={(seen) => go(route`/console?case=${seen.id}`)}
        />
        {wall.unplaced > 0 && (
          <button type="button" className={css.unplaced} onClick={() => open({ key: "unplaced", name: say("map"), count: wall.unplaced })}>
            {say("unplaced", { n: wall.unplaced })}
          </button>
        )}
      </div>
      <Channels wall={wall} open={open} />
    </section>
  );
}

/** How much larger than at a desk the map's lamps and names are: the wall's own measure, and a third for the distance. */
function useScale(): number {
  const [scale, setScale] = useState(measured);
  useEffect(() => {
    const changed = () => setScale(measured());
    window.addEventListener("resize", changed);
    return () => window.removeEventListener("resize", changed);
  }, []);
  return scale;
}

function measured(): number {
  const wall = Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
  return Math.round(Math.max(1, wall * 1.35) * 20) / 20;
}

/** The title of a part, with something at its side. */
export function Title({ children, side }: { children: ReactNode; side?: ReactNode }) {
  return (
    <div className={css.part}>
      <h2>{children}</h2>
      {side}
    </div>
  );
}
