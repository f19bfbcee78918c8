/** What a task comes to: each number with what stands above and below the line, and what is not given with its reason. */
import { useCode } from "@/api/codes";
import { type Task, useNames } from "./api";
import css from "./survey.module.css";
import { shownNumber, shownValue } from "./values";
import { survey as room } from "./words";

export function Numbers({ task }: { task: Task }) {
  const say = room.use();
  const code = useCode();
  const { objectOf, indicatorOf } = useNames();
  const rows = [
    ...task.numbers.map((each) => ({ ...each, why: null })),
    ...task.withheld.map((each) => ({ ...each, numerator: null, denominator: null })),
  ].sort((a, b) => task.objects.indexOf(a.object) - task.objects.indexOf(b.object));
  return (
    <section className={css.part}>
      <h3>{say(task.state === "published" ? "numbers" : "soFar")}</h3>
      {rows.length === 0 && <p className={css.quiet}>{say("numbersNone")}</p>}
      {rows.length > 0 && (
        /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
        <div className={css.scroll} tabIndex={0} role="group" aria-label={say("numbers")}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{say("object")}</th>
                <th scope="col">{say("indicator")}</th>
                <th scope="col">{say("value")}</th>
                <th scope="col">{say("madeOf")}</th>
                <th scope="col">{say("behind")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((each) => (
                <tr key={`${each.object}/${each.indicator}`}>
                  <th scope="row">{objectOf(each.object)}</th>
                  <td className={css.name}>{indicatorOf(each.indicator)}</td>
                  {each.numerator === null ? (
                    <td colSpan={3} className={css.quiet}>
                      {say("withheld", { why: code(`survey.withheld.${each.why}`) })}
                    </td>
                  ) : (
                    <>
                      <td>{shownValue(each)}</td>
                      <td className={css.quiet}>{each.denominator == null ? "" : `${shownNumber(each.numerator)} / ${shownNumber(each.denominator)}`}</td>
                      <td>{each.cases}</td>
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
