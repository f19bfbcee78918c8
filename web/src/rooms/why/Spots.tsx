/** Hot spots and clusters on the map; the list beside it says the same. */
import { useSame } from "@/lib/same";
import { MapView } from "@/map";
import { Lamp } from "@/ui/ui";
import type { Spot } from "./data";
import { chance, times } from "./saying";
import css from "./why.module.css";
import { why as room } from "./words";

const AROUND = 0.004; // degrees

export function Spots({ spots, clusters }: { spots: readonly Spot[]; clusters: readonly Spot[] }) {
  const say = room.use();
  const shapes = useSame(
    [...spots, ...clusters].map((each, n) => ({
      id: String(n),
      geometry: { type: "Polygon", coordinates: [each.ring] },
      lamp: each.hot ? ("red" as const) : ("yellow" as const),
    })),
  );
  const box = useSame(boxOf([...spots, ...clusters]));
  return (
    <section className={css.part}>
      <h2>{say("spots")}</h2>
      <p className={css.quiet}>{say("spotsLead")}</p>
      <MapView className={css.map} label={say("map")} shapes={shapes} box={box} />
      {shapes.length === 0 && <p className={css.quiet}>{say("spotsNone")}</p>}
      <ol className={css.lines}>
        {spots.slice(0, 8).map((each) => each.hot && (
          <li key={each.hot.cell}>
            <p>
              <Lamp colour="red" says={say("spots")} /> {say("hot", { cases: each.hot.cases, around: each.hot.around, expected: times(each.hot.expected) })}{" "}
              <span className={css.quiet}>{say("z", { z: times(each.hot.z), q: chance(each.hot.q) })}</span>
            </p>
          </li>
        ))}
        {clusters.slice(0, 8).map((each) => each.cluster && (
          <li key={each.cluster.cell + each.cluster.first}>
            <p>
              <Lamp colour="yellow" says={say("spots")} /> {say("cluster", { cases: each.cluster.cases, expected: times(each.cluster.expected) })}{" "}
              <span className={css.quiet}>{say("p", { p: chance(each.cluster.p) })}</span>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The box of their corners with a little around them; none of nothing. */
function boxOf(spots: readonly Spot[]): readonly [number, number, number, number] | undefined {
  const corners = spots.flatMap((each) => each.ring as unknown as [number, number][]);
  if (corners.length === 0) return undefined;
  const lon = corners.map((each) => each[0]);
  const lat = corners.map((each) => each[1]);
  return [Math.min(...lon) - AROUND, Math.min(...lat) - AROUND, Math.max(...lon) + AROUND, Math.max(...lat) + AROUND];
}
