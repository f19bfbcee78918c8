/** The middle: the cases of the queue on the map, or as a list by place. Where the map stands is in the address. */
import { useMemo, useState } from "react";
import { type CaseFilter, Legend, MapView, type Mark, type View } from "@/map";
import type { LampColour } from "@/ui/ui";
import { Button } from "@/ui/ui";
import type { Line, Lists } from "./api";
import css from "./console.module.css";
import { Places } from "./PlaceList";
import { filterOf, viewOf } from "./places";
import { room } from "./words";

interface Props {
  lines: readonly Line[];
  filters: Record<string, string>;
  asked: Record<string, string>;
  lists: Lists | undefined;
  chosen: string | undefined;
  fresh: number;
  calm: boolean; // the queue and the case are there: now the map may cost something
  onSelect: (id: string) => void;
  change: (to: Record<string, string | undefined>) => void;
}

/** The map serves the list: tiles where the map can be asked for the same cases, else the rows that are shown. */
export function Where({ lines, filters, asked, lists, chosen, fresh, calm, onSelect, change }: Props) {
  const say = room.use();
  const [at] = useState<View | undefined>(() => viewOf(asked.map));
  const cases = useMemo<CaseFilter | null>(() => filterOf(filters, lists), [filters, lists]);
  const marks = useMemo(() => (cases ? [] : marksOf(lines)), [cases, lines]);
  const listed = asked.side === "places";
  return (
    <section className={css.middle} aria-label={say("map")}>
      <div className={css.sides} role="group" aria-label={say("map")}>
        <Button aria-pressed={!listed} onClick={() => change({ side: undefined })}>
          {say("map")}
        </Button>
        <Button aria-pressed={listed} onClick={() => change({ side: "places" })}>
          {say("places")}
        </Button>
        {!listed && <Legend />}
      </div>
      {listed ? (
        <Places lines={lines} asked={asked} />
      ) : !calm ? (
        <div className={css.map} />
      ) : (
        <MapView
          className={css.map}
          label={say("onMap")}
          cases={cases ?? undefined}
          marks={marks}
          selected={chosen}
          at={at}
          fresh={fresh}
          onSelect={(seen) => onSelect(seen.id)}
          onMark={onSelect}
          onMoved={(to) => change({ map: [to.lon.toFixed(5), to.lat.toFixed(5), to.zoom.toFixed(2)].join(",") })}
        />
      )}
    </section>
  );
}

function marksOf(lines: readonly Line[]): Mark[] {
  return lines.flatMap((line) =>
    line.lon === null || line.lat === null
      ? []
      : [{ id: line.case.id, lon: line.lon, lat: line.lat, says: `${line.title} ${line.place}`, kind: (line.case.clock?.lamp ?? "grey") as LampColour }],
  );
}
