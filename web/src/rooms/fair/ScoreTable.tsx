/** Scores in a table, each with the range in which it may lie and its place as a range; more columns where there is more to say. */
import type { ReactNode } from "react";
import { named, useLanguage } from "@/words/words";
import { points, type Score } from "./data";
import css from "./fair.module.css";
import { Place, Reach } from "./Reach";
import { fair as room } from "./words";

interface Table<Row extends { score: Score }> {
  names: Record<string, Parameters<typeof named>[0]>;
  least: number;
  rows: readonly Row[];
  head?: ReactNode;
  more?: (row: Row) => ReactNode;
}

export function ScoreTable<Row extends { score: Score }>({ names, least, rows, head, more }: Table<Row>) {
  const say = room.use();
  const language = useLanguage();
  const most = Math.max(100, ...rows.map((each) => each.score.high ?? 0));
  return (
    <div className={css.wide}>
      <table className={css.table}>
        <thead>
          <tr>
            <th>{say("object")}</th>
            <th data-number>{say("points")}</th>
            <th>{say("between")}</th>
            <th>{say("place")}</th>
            <th data-number>{say("cases")}</th>
            {head}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.score.object}>
              <th scope="row">
                {named(names[row.score.object], language) || row.score.object} {row.score.grade && <small>{row.score.grade}</small>}
              </th>
              <td data-number>{points(row.score.points)}</td>
              <td>
                <Reach score={row.score} most={most} />
              </td>
              <td>
                <Place score={row.score} least={least} />
              </td>
              <td data-number>{row.score.cases}</td>
              {more?.(row)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
