/** Where the cases of the queue are: as a list by place, for who does not look at a map. */
import { Link } from "wouter";
import { asking } from "@/lib/address";
import { Lamp, type LampColour } from "@/ui/ui";
import type { Line } from "./api";
import css from "./console.module.css";
import { placesOf } from "./places";
import { room } from "./words";

/** The list. */
export function Places({ lines, asked }: { lines: readonly Line[]; asked: Record<string, string> }) {
  const say = room.use();
  return (
    <section className={css.places} aria-label={say("places")}>
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
