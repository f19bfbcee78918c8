/** Our own use: how often each function was called, on which days; which lie idle. Nobody is counted by name. */
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Chart } from "@/ui/chart";
import { Notice, Skeleton } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { type Chosen, useUse } from "./data";
import css from "./scores.module.css";
import { scores } from "./words";

export function Use({ chosen }: { chosen: Chosen }) {
  const say = scores.use();
  const code = useCode();
  const { words } = useSaid();
  const language = useLanguage();
  const found = useUse(chosen);
  if (found.isLoadingError) return <Notice tone="wrong">{told(found.error, words)}</Notice>;
  if (!found.data) return <Skeleton rows={6} says={say("loading")} />;
  const { called, days, functions } = found.data;
  const idle = called.filter((each) => each.calls === 0);
  const silent = functions.filter((each) => each.facts === 0);
  const list = (names: string[]) => names.map((each) => code(each)).join(language.startsWith("zh") ? "、" : ", ") || say("nothingIdle");
  return (
    <section className={css.part} aria-label={say("use")}>
      <h2>{say("use")}</h2>
      <p className={css.quiet}>{say("useSay")}</p>
      <div className={css.about}>
        <p>
          <b>{say("idle")}</b> {called.length ? list(idle.map((each) => `use.function.${each.function}`)) : say("notTold")}
        </p>
        <p>
          <b>{say("silent")}</b> {list(silent.map((each) => `use.facts.${each.function}`))}
        </p>
      </div>
      {days.length > 1 && (
        <Chart
          kind="line"
          finding={say("calls")}
          measure={say("byDay")}
          labels={days.map((each) => each.day.slice(5))}
          series={[{ key: "calls", name: say("calls"), values: days.map((each) => each.calls) }]}
          write={(value) => value.toLocaleString("en")}
          least={0}
          height={170}
        />
      )}
      {called.length > 0 && (
        /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
        <div className={css.scroll} tabIndex={0} role="group" aria-label={say("use")}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col" className={css.left}>
                  {say("function")}
                </th>
                <th scope="col">{say("calls")}</th>
                <th scope="col">{say("usedDays")}</th>
                <th scope="col">{say("lastDay")}</th>
              </tr>
            </thead>
            <tbody>
              {called.map((each) => (
                <tr key={each.function}>
                  <th scope="row" className={css.left}>
                    {code(`use.function.${each.function}`)}
                  </th>
                  <td>{each.calls ? each.calls.toLocaleString("en") : <span className={css.quiet}>{say("idleOne")}</span>}</td>
                  <td>{each.days ? say("ofDays", { n: each.days, of: days.length }) : "—"}</td>
                  <td>{each.last_day ?? "—"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
