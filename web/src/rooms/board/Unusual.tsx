/** What is more or less than on other days like today, with the interval of what is usual. */
import { useLanguage } from "@/words/words";
import { nameIn, type Wall } from "./api";
import { type Open, Title } from "./Board";
import css from "./board.module.css";
import { board } from "./words";

const DAYS_MIN = 4;

export function UnusualList({ wall, open }: { wall: Wall; open: Open }) {
  const say = board.use();
  const language = useLanguage();
  return (
    <section className={css.unusual} aria-label={say("unusual")}>
      <Title>{say("unusual")}</Title>
      {wall.unusual.length === 0 && (
        <p className={css.nothing}>{say(wall.usual_days < DAYS_MIN ? "unusualFew" : "unusualNone", { n: wall.usual_days })}</p>
      )}
      <ul>
        {wall.unusual.map((each) => {
          const name = nameIn(wall.names, each.code, language);
          return (
            <li key={each.key}>
              <button type="button" onClick={() => open({ key: each.key, name, count: each.today })}>
                <span aria-hidden="true">{each.today > each.usual ? "▲" : "▼"}</span>
                <span className={css.what}>{name}</span>
                <b>{each.today}</b>
                <small>{say("usual", { low: each.low, high: each.high })}</small>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
