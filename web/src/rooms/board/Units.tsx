/** Units by what they have in hand: late, soon late, and the rest. */
import { useLanguage } from "@/words/words";
import { nameIn, type Wall } from "./api";
import { type Open, Title } from "./Board";
import css from "./board.module.css";
import { share } from "./shape";
import { board } from "./words";

export function Units({ wall, open }: { wall: Wall; open: Open }) {
  const say = board.use();
  const language = useLanguage();
  const most = Math.max(1, ...wall.units.map((each) => each.open));
  return (
    <section className={css.units} aria-label={say("units")}>
      <Title>{say("units")}</Title>
      {wall.units.length === 0 && <p className={css.nothing}>{say("unitsNone")}</p>}
      <ol>
        {wall.units.map((each) => {
          const name = nameIn(wall.names, each.unit, language);
          return (
            <li key={each.unit}>
              <button type="button" onClick={() => open({ key: each.key, name, count: each.open })}>
                <span className={css.unit}>{name}</span>
                <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                  <rect className={css.barAll} width={100 * share(each.open, most)} height="4" />
                  <rect className={css.barSoon} width={100 * share(each.red + each.yellow, most)} height="4" />
                  <rect className={css.barLate} width={100 * share(each.red, most)} height="4" />
                </svg>
                <b>{each.open}</b>
                <i data-late={each.red > 0}>
                  <span aria-hidden="true">◆ </span>
                  <span className="unseen">{say("red")} </span>
                  {each.red}
                </i>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
