/** What the city did here last week, with the cases behind the figure. */
import { type Spot, useDoneNear } from "../data";
import css from "../resident.module.css";
import { resident } from "../words";
import { CaseCard } from "./CaseCard";

export function LastWeek({ at, radius_m, most }: { at: Spot | null; radius_m: number; most: number }) {
  const say = resident.use();
  const { data: done } = useDoneNear(at, radius_m);
  if (!done) return null;
  return (
    <section aria-labelledby="week">
      <h2 id="week">{say("lastWeek")}</h2>
      {done.closed === 0 ? (
        <p className={css.quiet}>{say("lastWeekNone")}</p>
      ) : (
        <>
          <p>{say("lastWeekSays", { radius: radius_m / 1000, closed: done.more ? `${done.closed}+` : done.closed, onTime: done.on_time })}</p>
          <ul className={css.list}>
            {done.items.slice(0, most).map((each) => (
              <CaseCard key={each.id} of={each} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
