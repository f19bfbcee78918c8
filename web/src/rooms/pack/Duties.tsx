/** The decision table of duties, as people read it: when, and who then answers; the first row that matches comes first. */
import { asking } from "@/lib/address";
import { useCode } from "@/api/codes";
import { ButtonLink } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Row, useNames } from "./data";
import css from "./pack.module.css";
import { columnSays, limitSays } from "./saying";
import { cellSaying } from "./values";
import { pack } from "./words";

const ASKS = ["class", "major", "fine", "level", "area", "hour", "workday", "load"];
const SAYS = ["unit_kind", "level", "assist", "limit.value"];

interface Shown {
  rows: readonly Row[];
  version: string;
  draft: string;
  onEdit: ((row: Row) => void) | null;
}

export function Duties({ rows, version, draft, onEdit }: Shown) {
  const say = pack.use();
  const code = useCode();
  const language = useLanguage();
  const { data: names } = useNames();
  const says = cellSaying({ code, language, names });
  const said = (row: Row, columns: readonly string[]) =>
    columns
      .filter((name) => row.cells[name] && row.cells[name] !== "[]")
      .map((name) => (
        <span key={name}>
          <b>{columnSays(name)}</b> {name === "limit.value" ? limitSays(`${row.cells[name]} ${plain(row.cells["limit.unit"] ?? "")}`, code) : says(name, row.cells[name] ?? "")}
        </span>
      ));
  return (
    <>
      <p>
        <ButtonLink href={`/pack/editor${asking({ draft })}`}>{say("openEditor")}</ButtonLink>
      </p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */}
      <div className={css.scroll} tabIndex={0} role="group" aria-label={say("duties")} data-version={version}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{say("key")}</th>
              <th scope="col">{say("asks")}</th>
              <th scope="col">{say("answers")}</th>
              <th scope="col">{say("source")}</th>
              {onEdit && <th scope="col">{say("edit")}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">{row.key}</th>
                <td>
                  <p className={css.says}>
                    {named(row.name, language) && <strong>{named(row.name, language)}</strong>}
                    {ASKS.some((name) => row.cells[name]) ? said(row, ASKS) : say("anything")}
                  </p>
                </td>
                <td>
                  <p className={css.says}>
                    {said(row, SAYS)}
                  </p>
                </td>
                <td className={css.quiet}>{row.source ? `${row.source.document} ${row.source.clause} ${row.source.date}` : ""}</td>
                {onEdit && (
                  <td>
                    <button type="button" className={css.tag} onClick={() => onEdit(row)}>
                      {say("edit")} <span className="unseen">{row.key}</span>
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** `"roads"` is roads. */
function plain(expression: string): string {
  return expression.replace(/^"([^"]*)"$/, "$1");
}
