/** A chart whose title says what is found, with the same numbers as a table beside it. */
import { useEffect, useRef } from "react";
import { useDark } from "@/lib/theme";
import css from "./chart.module.css";
import { optionOf } from "./option";
import type { Shown } from "./types";
import { chart } from "./words";

type Drawing = ReturnType<(typeof import("./library"))["init"]>;

interface Told {
  /** What the chart shows, as a sentence: "Rework rose in three streets". */
  finding: string;
  /** What is measured, in which unit. */
  measure: string;
  /** Somebody points at a value: e.g. show the cases behind it. */
  onPick?: (series: number, label: number) => void;
  height?: number;
}

/** Line, bars, or dots with their intervals. */
export function Chart({ finding, measure, onPick, height, ...shown }: Shown & Told) {
  return (
    <figure className={css.figure}>
      <figcaption>
        <span className={css.finding}>{finding}</span>
        <span className={css.measure}>{measure}</span>
      </figcaption>
      <Drawn shown={shown} onPick={onPick} height={height ?? heightOf(shown)} />
      <Numbers shown={shown} says={finding} />
    </figure>
  );
}

/** Many small charts on one scale, instead of ten colours in one. */
export function Multiples({ finding, measure, onPick, ...shown }: Shown & Told) {
  const all = shown.series.flatMap((each) => [...each.values, ...(each.high ?? []), ...(each.low ?? [])]).filter((each) => each !== null);
  const least = shown.least ?? Math.min(0, ...all);
  const most = shown.most ?? Math.max(...all, least + 1);
  return (
    <figure className={css.figure}>
      <figcaption>
        <span className={css.finding}>{finding}</span>
        <span className={css.measure}>{measure}</span>
      </figcaption>
      <div className={css.multiples}>
        {shown.series.map((each, n) => (
          <div key={each.key}>
            <h3 title={each.name}>{each.name}</h3>
            <Drawn shown={{ ...shown, series: [each], least, most, small: true }} onPick={onPick && ((_, label) => onPick(n, label))} height={110} />
          </div>
        ))}
      </div>
      <Numbers shown={shown} says={finding} />
    </figure>
  );
}

function heightOf(shown: Shown): number {
  return shown.kind === "line" ? 280 : 48 + shown.labels.length * Math.max(24, 18 * shown.series.length);
}

function Drawn({ shown, onPick, height }: { shown: Shown; onPick?: Told["onPick"]; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const latest = useRef({ shown, onPick });
  const dark = useDark();
  useEffect(() => {
    latest.current = { shown, onPick };
  });
  useEffect(() => {
    const at = place.current;
    if (!at) return undefined;
    let gone = false;
    const watch = new ResizeObserver(() => drawing.current?.resize());
    void import("./library").then(({ init }) => {
      if (gone) return;
      const made = init(at, undefined, { renderer: "canvas" });
      drawing.current = made;
      made.setOption(optionOf(latest.current.shown, dark));
      made.on("click", (event) => {
        const { shown: now, onPick: pick } = latest.current;
        const label = now.kind === "line" ? event.dataIndex : now.labels.length - 1 - event.dataIndex;
        const series = now.series.findIndex((each) => each.name === event.seriesName);
        if (series >= 0) pick?.(series, label);
      });
      watch.observe(at);
    });
    return () => {
      gone = true;
      watch.disconnect();
      drawing.current?.dispose();
      drawing.current = null;
    };
  }, [dark]);
  useEffect(() => {
    drawing.current?.setOption(optionOf(shown, dark), { notMerge: true });
  });
  return <div ref={place} className={css.canvas} style={{ height }} aria-hidden="true" />;
}

function Numbers({ shown, says }: { shown: Shown; says: string }) {
  const say = chart.use();
  return (
    <details className={css.numbers}>
      <summary>{say("table")}</summary>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */}
      <div className={css.scroll} tabIndex={0} role="group" aria-label={says}>
        <table className={css.table}>
          <caption className="unseen">{says}</caption>
          <thead>
            <tr>
              <td />
              {shown.series.map((each) => (
                <th key={each.key} scope="col">
                  {each.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.labels.map((label, row) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {shown.series.map((each) => (
                  <Cell key={each.key} value={each.values[row] ?? null} low={each.low?.[row] ?? null} high={each.high?.[row] ?? null} write={shown.write} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Cell({ value, low, high, write }: { value: number | null; low: number | null; high: number | null; write: Shown["write"] }) {
  const say = chart.use();
  if (value === null) return <td className={css.quiet}>{say("missing")}</td>;
  return (
    <td>
      {write(value)}
      {low !== null && high !== null && <span className={css.quiet}> ({say("between", { low: write(low), high: write(high) })})</span>}
    </td>
  );
}
