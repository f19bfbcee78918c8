/** Where it is: by the phone, by a mark on the map, or by a name. */
import { lazy, Suspense, useState } from "react";
import type { Change, Later } from "@/offline";
import { Button, Field, Notice, Skeleton } from "@/ui/ui";
import { usePlaceName } from "../data";
import type { Place, ReportDraft } from "../draft";
import { locate, type NoGps } from "../here";
import css from "../resident.module.css";
import { resident } from "../words";
import { SearchPlace } from "./SearchPlace";

interface Given {
  place: Place | null;
  address: string;
  onChange: (what: Later<Change<ReportDraft>>) => void;
}
type Open = "map" | "search" | null;

export function Where({ place, address, onChange }: Given) {
  const say = resident.use();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<NoGps | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const { name, outside } = usePlaceName(place);

  const found = async (): Promise<Change<ReportDraft>> => {
    setBusy(true);
    setWrong(null);
    try {
      const here = await locate();
      setOpen(null);
      return (now) => (now.place === place ? { place: { ...here, how: "gps" } } : {}); // chosen otherwise meanwhile: that one
    } catch (why) {
      setWrong(why === "gpsDenied" ? "gpsDenied" : "gpsAway");
      return {};
    } finally {
      setBusy(false);
    }
  };
  const put = (to: Place) => {
    onChange({ place: to });
    setWrong(null);
    if (to.how === "search") setOpen(null);
  };
  const toggle = (which: Open) => setOpen(open === which ? null : which);
  return (
    <fieldset className={css.group}>
      <legend>{say("where")}</legend>
      <div role="status">
        {busy && <p>{say("locating")}</p>}
        {!busy && place && <Told place={place} name={name} />}
        {outside && <p className={css.wrong}>{say("outside")}</p>}
      </div>
      {wrong && <Notice tone="wrong">{say("noGps", { why: say(wrong) })}</Notice>}
      <div className={css.row}>
        <Button onClick={() => onChange(found())} disabled={busy}>
          {say("locate")}
        </Button>
        <Button aria-expanded={open === "map"} onClick={() => toggle("map")}>
          {say("pin")}
        </Button>
        <Button aria-expanded={open === "search"} onClick={() => toggle("search")}>
          {say("searchPlace")}
        </Button>
      </div>
      {open === "map" && (
        <Suspense fallback={<Skeleton rows={3} says={say("mapWait")} />}>
          <PinMap place={place} onPin={(at) => put({ ...at, accuracy_m: null, how: "pin" })} />
        </Suspense>
      )}
      {open === "search" && <SearchPlace near={place} onPlace={(at) => put({ ...at, accuracy_m: null, how: "search" })} onAddress={(text) => onChange({ address: text })} />}
      <Field label={say("address")} hint={say("addressHint")} value={address} onChange={(event) => onChange({ address: event.target.value })} />
    </fieldset>
  );
}

const PinMap = lazy(() => import("./PinMap"));

function Told({ place, name }: { place: Place; name: string }) {
  const say = resident.use();
  const how = place.how === "gps" ? say("hereGps", { m: place.accuracy_m ?? "?" }) : say(place.how === "pin" ? "herePin" : place.how === "thing" ? "hereThing" : "hereSearch");
  return (
    <p>
      <b>{name || `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`}</b> <span className={css.quiet}>{how}</span>
    </p>
  );
}
