/** The cases of the list on the map: the same ones, with the same lamps. */
import { useMemo } from "react";
import { MapView } from "@/map";
import type { Mark } from "@/map";
import { type CaseNearby, type Spot, useCatalogue } from "../data";
import { lampOf } from "../follow";
import { useNow } from "../now";
import css from "../resident.module.css";
import { resident } from "../words";

const ZOOM = 14.5;

export default function AroundMap({ at, cases, onChoose }: { at: Spot; cases: readonly CaseNearby[]; onChoose: (id: string) => void }) {
  const say = resident.use();
  const now = useNow();
  const { kind } = useCatalogue();
  const marks = useMemo<Mark[]>(
    () => cases.map((each) => ({ id: each.id, lon: each.lon, lat: each.lat, kind: each.closed_at ? "grey" : lampOf(each.opened_at, each.due_at, now), says: kind(each.class_key) || each.number })),
    [cases, kind, now],
  );
  const view = useMemo(() => ({ lon: at.lon, lat: at.lat, zoom: ZOOM }), [at.lon, at.lat]);
  return <MapView className={css.map} label={say("nearTitle")} at={view} marks={marks} onMark={onChoose} />;
}
