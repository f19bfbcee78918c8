/** While a report is written: what the city has answered already to such words. Nobody is held up by it. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import css from "../resident.module.css";
import { useSettled } from "@/lib/settled";
import { resident } from "../words";
import { useAnswers } from "./data";

const MOST = 2;

export default function Maybe({ text }: { text: string }) {
  const say = resident.use();
  const found = useAnswers(useSettled(text.trim())).data ?? [];
  if (text.trim().length < 2 || found.length === 0) return null;
  return (
    <aside aria-labelledby="maybe">
      <h2 id="maybe">{say("answersMaybe")}</h2>
      <ul className={css.list}>
        {found.slice(0, MOST).map((each) => (
          <li key={each.id}>
            <Link href={route`/answers/${each.id}`} className={css.asking}>
              {each.title}
            </Link>
          </li>
        ))}
      </ul>
      <p className={css.quiet}>{say("answersKept")}</p>
    </aside>
  );
}
