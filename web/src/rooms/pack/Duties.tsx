/** The decision table of duties, as people read it: when, and who then answers; the first row that matches comes first. */
import { useCode } from "@/api/codes";
import { ButtonLink } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Row, useNames } from "./data";
import css from "./pack.module.css";
import { columnSays } from "./saying";
import { pack } from "./words";

const ASKS = ["class", "major", "fine", "level", "area", "hour", "workday", "load"];
const SAYS = ["unit_kind", "assist", "limit.value", "limit.unit"];

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
  const called = (said: string) => plain(said).replace(/"([^"]+)"/g, (whole, key: string) => named(names?.classes[key], language) || whole);
  const said = (row: Row, names: readonly string[]) =>
    names
      .filter((name) => row.cells[name] && row.cells[name] !== "[]")
      .map((name) => (
        <span key={name}>
          <b>{columnSays(name)}</b> {called(row.cells[name] ?? "")}
        </span>
      ));
  return (
    <>
      <p>
        <ButtonLink href={`/pack/editor${draft ? `?draft=${draft}` : ""}`}>{say("openEditor")}</ButtonLink>
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
                    <span className={css.quiet}>{code(`level.${plain(row.cells.level ?? "")}`).replace(/^level\./, "")}</span>
                  </p>
                </td>
                <td className={css.quiet}>{row.source ? `${row.source.document} ${row.source.clause} ${row.source.date}` : ""}</td>
                {onEdit && (
                  <td>
                    <button type="button" className={css.tag} aria-label={say("editRow", { key: row.key })} onClick={() => onEdit(row)}>
                      {say("edit")}
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
