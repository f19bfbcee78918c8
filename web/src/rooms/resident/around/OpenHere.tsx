/** What is open near a place: before somebody types it all again. */
import { useId } from "react";
import { Link } from "wouter";
import { type Spot, useOpenNear } from "../data";
import css from "../resident.module.css";
import { resident } from "../words";
import { CaseCard } from "./CaseCard";

export function OpenHere({ at, radius_m, most, form = false }: { at: Spot | null; radius_m: number; most: number; form?: boolean }) {
  const say = resident.use();
  const title = useId();
  const { data: cases = [] } = useOpenNear(at, radius_m);
  if (cases.length === 0) return null;
  return (
    <section aria-labelledby={title} className={form ? css.group : undefined}>
      <div className={css.row}>
        <h2 id={title}>{form ? say("same") : say("nearTitle")}</h2>
        {!form && (
          <Link className={css.end} href="/near">
            {say("all")}
          </Link>
        )}
      </div>
      <p className={css.quiet}>{say("sameDo")}</p>
      <ul className={css.list}>
        {cases.slice(0, most).map((each) => (
          <CaseCard key={each.id} of={each} joins />
        ))}
      </ul>
    </section>
  );
}
