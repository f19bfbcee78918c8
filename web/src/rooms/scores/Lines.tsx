/** The lines of one score: what was measured, how it scores, and what it brings. */
import { Fragment } from "react";
import { named, useLanguage } from "@/words/words";
import type { Line, Scheme, Score } from "./data";
import { formula, lineFor, plain, valued } from "./formula";
import css from "./scores.module.css";
import { scores } from "./words";

/** The dimensions that have words here; a city's own is shown as the pack names it. */
const DIMENSIONS: ReadonlySet<string> = new Set([
  "efficiency", "service", "risk", "participation", "resources", "fairness", "infrastructure", "data_resources", "application_services", "governance",
  "social_benefit", "clean", "tidy", "orderly",
]);

interface Shown {
  scheme: Scheme;
  score: Score;
  onLook: (line: Line) => void;
}

export function Lines({ scheme, score, onLook }: Shown) {
  const say = scores.use();
  const language = useLanguage();
  const hasTarget = score.lines.some((each) => each.target_points !== null);
  return (
    <table className={css.lines}>
      <thead>
        <tr>
          <th scope="col">{say("indicator")}</th>
          <th scope="col" className={css.right}>
            {say("number")}
          </th>
          <th scope="col" className={css.right}>
            {say("value")}
          </th>
          <th scope="col">{say("formula")}</th>
          <th scope="col" className={css.right}>
            {say("points")}
          </th>
          {hasTarget && (
            <th scope="col" className={css.right}>
              {say("target")}
            </th>
          )}
          <th scope="col" className={css.right}>
            {say("weight")}
          </th>
          <th scope="col" className={css.right}>
            {say("brings")}
          </th>
        </tr>
      </thead>
      <tbody>
        {score.lines.map((line, place) => {
          const known = lineFor(scheme.indicators, line.indicator, score.group);
          if (!known) return null;
          const canLook = line.number !== null && !/^(scheme|spread|survey):/.test(line.metric ?? "") && !["cells_in_grids", "functions_used", "functions_called"].includes(line.metric ?? "");
          const before = place > 0 ? lineFor(scheme.indicators, score.lines[place - 1]?.indicator ?? "", score.group)?.dimension : "";
          return (
            <Fragment key={line.indicator}>
            {known.dimension && known.dimension !== before && (
              <tr>
                <th scope="rowgroup" className={css.dimension} colSpan={8}>
                  {DIMENSIONS.has(known.dimension) ? say(known.dimension as "efficiency") : known.dimension}
                </th>
              </tr>
            )}
            <tr>
              <th scope="row">
                {named(known.name, language)}
                {known.role !== "score" && <span className={css.tag}>{say(known.role === "bonus" ? "roleBonus" : known.role === "deduction" ? "roleDeduction" : "roleVeto")}</span>}
                <span className={css.small} title={known.source}>
                  {named(known.says, language)}
                </span>
              </th>
              <td className={css.right}>
                {line.number === null ? (
                  <span className={css.quiet}>—</span>
                ) : canLook ? (
                  <button type="button" className={css.number} aria-label={`${named(known.name, language)} ${numbered(line)}: ${say("behind")}`} onClick={() => onLook(line)}>
                    {numbered(line)}
                  </button>
                ) : (
                  numbered(line)
                )}
              </td>
              <td className={css.right}>{line.value === null ? "—" : valued(line.value, known.unit)}</td>
              <td>{formula(known, say)}</td>
              <td className={css.right}>{line.points === null ? <span className={css.quiet}>{say(line.why as "no_number")}</span> : `${plain(line.points)} / ${plain(line.full)}`}</td>
              {hasTarget && <td className={css.right}>{line.target_points === null ? "" : plain(line.target_points)}</td>}
              <td className={css.right}>{plain(line.weight)}</td>
              <td className={css.right}>{line.points === null || known.role === "veto" ? "" : `${known.role === "deduction" ? "−" : ""}${plain((line.weight * line.points) / line.full)}`}</td>
            </tr>
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

/** Numerator and denominator; of a count itself. */
function numbered(line: Line): string {
  if (!line.number) return "";
  const { numerator, denominator } = line.number;
  return denominator === null || denominator === undefined ? plain(numerator) : `${plain(numerator)} / ${plain(denominator)}`;
}
