/** A map that is moved beneath a pin. It tells where the pin stands only once somebody has moved it. */
import { useRef, useState } from "react";
import { MapView } from "@/map";
import { type Spot, useCity } from "../data";
import { six } from "../here";
import css from "../resident.module.css";
import { resident } from "../words";

const CLOSE = 17;
const NEAR = 1e-5; // degrees: about a metre; nearer than this nothing was moved

export default function PinMap({ place, onPin }: { place: Spot | null; onPin: (at: Spot) => void }) {
  const say = resident.use();
  const city = useCity();
  const first = useRef<Spot | null>(place);
  const [begin] = useState(() => place && { ...place, zoom: CLOSE });
  const [west = 0, south = 0, east = 0, north = 0] = city?.bounds ?? [];
  const picked = (at: Spot) => {
    const before = first.current;
    if (!before) {
      first.current = at; // where the map came to rest by itself
      return;
    }
    if (Math.abs(at.lon - before.lon) < NEAR && Math.abs(at.lat - before.lat) < NEAR) return;
    first.current = at;
    onPin({ lon: six(at.lon), lat: six(at.lat) });
  };
  return (
    <MapView className={css.map} label={say("pinDo")} at={begin ?? undefined} box={begin ? undefined : [west, south, east, north]} onPick={picked} marks={begin ? [{ id: "me", kind: "me", says: say("locate"), ...begin }] : []} />
  );
}
