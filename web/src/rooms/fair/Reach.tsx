/** Points with the range in which they may lie, as a line on a common scale; and a place as a range. */
import { between, type Score } from "./data";
import css from "./fair.module.css";
import { fair as room } from "./words";

export function Reach({ score, most }: { score: Score; most: number }) {
  if (score.points === null || score.low === null || score.high === null) return <span className={css.quiet}>—</span>;
  const at = (value: number) => `${Math.max(0, Math.min(100, (100 * value) / most))}%`;
  return (
    <span className={css.reach}>
      <span className={css.scale} aria-hidden="true">
        <i style={{ left: at(score.low), width: `calc(${at(score.high)} - ${at(score.low)})` }} />
        <b style={{ left: at(score.points) }} />
      </span>
      <span className={css.number}>{between(score)}</span>
    </span>
  );
}

export function Place({ score, least }: { score: Score; least: number }) {
  const say = room.use();
  if (score.best === null || score.worst === null) return <span className={css.quiet}>{score.cases < least ? say("few", { n: least }) : "—"}</span>;
  return <>{score.best === score.worst ? say("placeExact", { best: score.best }) : say("placeOf", { best: score.best, worst: score.worst })}</>;
}
