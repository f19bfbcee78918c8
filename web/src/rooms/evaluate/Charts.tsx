/** The chosen number as pictures: its course over time, and how the groups stand beside one another. */
import { Chart, Multiples, type Series as Drawn, STEPS } from "@/ui/chart";
import { Empty, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import type { Metric, Series } from "./data";
import css from "./evaluate.module.css";
import { courseSays, interval, type Line, type Measure, scoreSays, weightiest, written } from "./values";
import { evaluate } from "./words";

const SCORES = 16;

interface Shown {
  metric: Metric;
  name: string;
  series: Series | undefined;
  isPending: boolean;
  lines: readonly (Line & { key: string })[];
  whole: Line["whole"];
  by: string;
  every: string;
  onPick: (group: string) => void;
}

export function Charts({ metric, name, series, isPending, lines, whole, by, every, onPick }: Shown) {
  const say = evaluate.use();
  const language = useLanguage();
  const measure = metric.measure as Measure;
  const write = (value: number) => written(value, measure, language);
  const unit = say(measure === "ppm" ? "percent" : measure === "count" ? "count" : "minutes");
  const scores = weightiest(lines.filter((each) => typeof each.whole.value === "number"), SCORES);
  const dotted = [...scores].sort((a, b) => (b.whole.value ?? 0) - (a.whole.value ?? 0));
  return (
    <div className={css.charts}>
      <section className={css.card}>
        <Course {...{ metric, name, series, isPending, by, every, unit, write }} />
      </section>
      {dotted.length > 0 && (
        <section className={css.card}>
          <Chart
            kind={measure === "ppm" ? "dots" : "bar"}
            finding={scoreSays(name, dotted, measure, whole, write)}
            measure={measure === "ppm" ? say("score", { metric: name, unit }) : `${name}, ${unit}`}
            labels={dotted.map((each) => each.name)}
            series={[
              {
                key: metric.metric,
                name,
                values: dotted.map((each) => each.whole.value ?? null),
                ...(measure === "ppm" && {
                  low: dotted.map((each) => interval(each.whole)?.[0] ?? null),
                  high: dotted.map((each) => interval(each.whole)?.[1] ?? null),
                }),
              },
            ]}
            write={write}
            least={measure === "ppm" ? 0 : undefined}
            most={measure === "ppm" ? 1e6 : undefined}
            onPick={(_, label) => {
              const picked = dotted[label];
              if (picked) onPick(picked.key);
            }}
          />
        </section>
      )}
    </div>
  );
}

interface CourseShown {
  metric: Metric;
  name: string;
  series: Series | undefined;
  isPending: boolean;
  by: string;
  every: string;
  unit: string;
  write: (value: number) => string;
}

function Course({ metric, name, series, isPending, by, every, unit, write }: CourseShown) {
  const say = evaluate.use();
  const language = useLanguage();
  if (metric.window === "now") return <Empty>{say("noSeries")}</Empty>;
  if (isPending || !series) return <Skeleton rows={7} says={say("loading")} />;
  const lineOf = (each: Series["whole"]): Line & { key: string } => ({
    key: each.group,
    name: named(each.name, language) || each.group || say("nobody"),
    points: each.points,
    whole: each.whole,
  });
  const began = series.whole.points.findIndex((each) => (each.denominator ?? each.numerator) > 0);
  const start = Math.max(0, began);
  const labels = series.periods.slice(start);
  const values = (line: Line): (number | null)[] => line.points.slice(start).map((each) => each.value ?? null);
  const groups = weightiest(series.groups.map(lineOf).filter((each) => each.whole.numerator || each.whole.denominator), STEPS + 2);
  const whole = { ...lineOf(series.whole), key: "whole", name: say("whole") };
  const drawn: Drawn[] = (groups.length > 1 ? groups : [whole]).map((each) => ({ key: each.key, name: each.name, values: values(each) }));
  const told = {
    finding: courseSays(name, values(whole), groups, by, write),
    measure: say("over", { metric: name, unit, every }),
    labels,
    write,
    ...(metric.measure === "ppm" && { least: 0, most: 1e6 }),
  };
  if (drawn.length > 4) return <Multiples kind="line" {...told} series={drawn} />;
  return <Chart kind="line" {...told} series={drawn} />;
}
