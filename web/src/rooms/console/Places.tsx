/** Where the cases of the queue are: as a list by place, for who does not look at a map. */
import { Link } from "wouter";
import { asking } from "@/lib/address";
import { Lamp, type LampColour } from "@/ui/ui";
import type { Line } from "./api";
import css from "./console.module.css";
import { room } from "./words";

interface Place {
  area: string;
  words: string;
  lines: Line[];
}

/** The places of the shown cases, the fullest first. */
export function placesOf(lines: readonly Line[]): Place[] {
  const found = new Map<string, Place>();
  for (const line of lines) {
    const area = line.case.street ?? line.case.district ?? "";
    const place = found.get(area) ?? { area, words: line.place, lines: [] };
    place.lines.push(line);
    found.set(area, place);
  }
  return [...found.values()].sort((a, b) => b.lines.length - a.lines.length);
}

/** The list. */
export function Places({ lines, asked }: { lines: readonly Line[]; asked: Record<string, string> }) {
  const say = room.use();
  return (
    <section className={css.places} aria-label={say("places")}>
      <h2>{say("places")}</h2>
      <ul>
        {placesOf(lines).map((place) => (
          <li key={place.area}>
            <Link href={`/console${asking(asked, { area: asked.area === place.area ? undefined : place.area, case: undefined })}`} aria-current={asked.area === place.area ? "true" : undefined}>
              {place.words} <b>{place.lines.length}</b>
              <span className={css.dots}>
                {place.lines.slice(0, 40).map((line) => (
                  <Lamp key={line.case.id} colour={(line.case.clock?.lamp ?? "grey") as LampColour} says={line.lamp ?? line.state} />
                ))}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
