/** What the checks found, each with where it stands and what to do. */
import { Notice } from "@/ui/ui";
import type { Draft } from "./data";
import css from "./pack.module.css";
import { pack } from "./words";

export function Problems({ problems }: { problems: Draft["problems"] }) {
  const say = pack.use();
  return (
    <Notice tone="wrong">
      <h3>{say("problems")}</h3>
      <ul>
        {problems.map((each) => (
          <li key={`${each.file}:${each.line}:${each.column}:${each.what}`}>
            {each.what}; {each.remedy} <span className={css.quiet}>{say("problemAt", { file: each.file, line: each.line, column: each.column })}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
