/** The numbers of each group, sorted by any of them; each leads to the cases that it is made of. */
import { named, useLanguage } from "@/words/words";
import type { Answer, Behind, Figure, Metric } from "./data";
import css from "./evaluate.module.css";
import { type Measure, written } from "./values";
import { evaluate } from "./words";

export interface Row {
  key: string;
  name: string;
  figures: readonly Figure[];
}

interface Shown {
  answer: Answer;
  rows: readonly Row[];
  metrics: readonly Metric[];
  chosen: string;
  by: string;
  sort: { metric: string; down: boolean };
  onSort: (metric: string) => void;
  onChoose: (metric: string) => void;
  onBehind: (behind: Behind) => void;
}

export function Table({ answer, rows, metrics, chosen, by, sort, onSort, onChoose, onBehind }: Shown) {
  const say = evaluate.use();
  const language = useLanguage();
  const name = (metric: Metric) => named(metric.name, language) || metric.metric;
  const arrow = (metric: string) => (sort.metric === metric ? (sort.down ? " ↓" : " ↑") : "");
  const sorted = (metric: string) => (sort.metric === metric ? (sort.down ? "descending" : "ascending") : undefined);
  return (
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
    <div className={css.scroll} tabIndex={0} role="group" aria-label={say("title")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col" aria-sort={sorted("")}>
              <button type="button" className={css.sorter} onClick={() => onSort("")}>
                {by}
                {arrow("")}
              </button>
            </th>
            {metrics.map((metric) => (
              <th key={metric.metric} scope="col" aria-sort={sorted(metric.metric)} data-chosen={metric.metric === chosen || undefined}>
                <button type="button" className={css.sorter} title={say("sortBy", { metric: name(metric) })} onClick={() => onSort(metric.metric)}>
                  {name(metric)}
                  {arrow(metric.metric)}
                </button>
                <button type="button" className={css.pick} aria-pressed={metric.metric === chosen} aria-label={say("choose", { metric: name(metric) })} title={say("choose", { metric: name(metric) })} onClick={() => onChoose(metric.metric)}>
                  {metric.metric === chosen ? "◉" : "◌"}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[{ key: null, name: say("whole"), figures: answer.whole.figures }, ...rows].map((row) => (
            <tr key={row.key ?? "*"} data-whole={row.key === null || undefined}>
              <th scope="row" title={row.name}>
                {row.name}
              </th>
              {metrics.map((metric) => (
                <Cell key={metric.metric} figure={row.figures.find((each) => each.metric === metric.metric)} metric={name(metric)} row={row} onBehind={onBehind} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ figure, metric, row, onBehind }: { figure: Figure | undefined; metric: string; row: { key: string | null; name: string }; onBehind: Shown["onBehind"] }) {
  const say = evaluate.use();
  const language = useLanguage();
  if (!figure || figure.value === null || figure.value === undefined) return <td className={css.none}>–</td>;
  const measure = figure.measure as Measure;
  const change = figure.changes?.[0];
  const part = measure === "min" ? "denominator" : "numerator";
  return (
    <td>
      {change && typeof change.difference === "number" && change.difference !== 0 && (
        <span className={css.small}>
          {change.difference > 0 ? "▲" : "▼"}
          {measure === "ppm" ? say("points", { n: (Math.abs(change.difference) / 10_000).toFixed(1) }) : written(Math.abs(change.difference), measure, language)}
        </span>
      )}{" "}
      <button type="button" className={css.number} aria-label={`${written(figure.value, measure, language)} · ${say("behind", { name: row.name, metric })}`} onClick={() => onBehind({ metric: figure.metric, part, group: row.key, name: row.name })}>
        {written(figure.value, measure, language)}
      </button>
      {measure === "ppm" && (
        <span className={css.small}>
          {figure.numerator}/{figure.denominator}
        </span>
      )}
    </td>
  );
}
