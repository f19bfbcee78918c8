/** How people, units and areas do: numbers with their formula, their course, and the cases behind each. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { TakeAway } from "@/api/TakeAway";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Empty, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { beside, type Chosen, chosenIn, question } from "./asked";
import { Cases } from "./Cases";
import { Charts } from "./Charts";
import { type Answer, type Behind, type Furniture, type Metric, useFigures, useFurniture, useMetrics, usePeople, useSeries } from "./data";
import css from "./evaluate.module.css";
import { Filters } from "./Filters";
import { Inquiries } from "./Inquiries";
import { type Row, Table } from "./Table";
import { evaluate } from "./words";

type Word = Parameters<typeof evaluate.say>[0];

export default function Evaluate() {
  const say = evaluate.use();
  const { words } = useSaid();
  const [asked, ask] = useAsked();
  const chosen = chosenIn(asked);
  const furniture = useFurniture();
  const metrics = useMetrics();
  const figures = useFigures(chosen);
  const answer = figures.data;
  return (
    <main className={css.room}>
      <div className={css.head}>
        <h1>{say("title")}</h1>
        {answer && <About answer={answer} chosen={chosen} />}
      </div>
      <Filters
        chosen={chosen}
        furniture={furniture.data}
        earlier={answer && beside(answer.span.first_day, answer.span.last_day, -1)}
        later={answer && beside(answer.span.first_day, answer.span.last_day, 1)}
        ask={ask}
      />
      {figures.isError && <Notice tone="wrong">{told(figures.error, words)}</Notice>}
      {(figures.isPending || metrics.isPending) && !figures.isError && <Skeleton rows={12} says={say("loading")} />}
      {answer && metrics.data && <Numbers key={chosen.by} {...{ answer, chosen, ask }} metrics={metrics.data} furniture={furniture.data} />}
      {answer && <Inquiries span={answer.span} />}
    </main>
  );
}

function About({ answer, chosen }: { answer: Answer; chosen: Chosen }) {
  const say = evaluate.use();
  const file = new URLSearchParams(question(chosen));
  if (chosen.compare) file.append("compare", chosen.compare);
  return (
    <div className={css.facts}>
      <p>
        {say("span", { first: answer.span.first_day, last: answer.span.last_day, days: answer.days, working: answer.working_days })}
        {answer.running && ` · ${say("running")}`}
        {answer.scope && ` · ${say("scope")}`}
      </p>
      {answer.compared.map((each) => (
        <p key={each.against}>
          {say("against", { what: say(each.against === "year" ? "sameYear" : "before"), first: each.span.first_day, last: each.span.last_day, days: each.days, working: each.working_days })}
          {each.known !== "whole" && ` · ${say(each.known === "none" ? "notThere" : "partly")}`}
        </p>
      ))}
      <p>
        {say("as_of", { when: moment(answer.as_of), seq: answer.seq.toLocaleString("en"), pack: answer.pack.slice(0, 12) })}
        {answer.excluded ? ` · ${say("excluded", { n: answer.excluded })}` : ""}
        {" · "}
        <TakeAway href={route`/v1/figures?${file}&format=csv`}>
          {say("csv")}
        </TakeAway>{" "}
        <TakeAway href={route`/v1/figures?${file}&format=xlsx`}>
          {say("xlsx")}
        </TakeAway>
      </p>
    </div>
  );
}

interface Shown {
  answer: Answer;
  chosen: Chosen;
  metrics: readonly Metric[];
  furniture: Furniture | undefined;
  ask: ReturnType<typeof useAsked>[1];
}

function Numbers({ answer, chosen, metrics, furniture, ask }: Shown) {
  const say = evaluate.use();
  const code = useCode();
  const language = useLanguage();
  const [behind, setBehind] = useState<Behind | null>(null);
  const series = useSeries(chosen, answer.span.last_day);
  const people = usePeople(answer.groups.map((each) => each.group));
  const called = (group: string, name: Record<string, string> | null | undefined): string => {
    if (group.startsWith("account:")) return people.data?.[group.slice(8)] ?? group.slice(8, 16);
    if (chosen.by === "channel" && group) return code(`channel.${group}`);
    return named(name, language) || group || say("nobody");
  };
  const rows: Row[] = answer.groups.map((each) => ({ key: each.group, name: called(each.group, each.name), figures: each.figures }));
  const sheet = furniture?.sheets.find((each) => each.sheet === chosen.sheet) ?? furniture?.sheets[0];
  const shown = (sheet?.metrics ?? []).flatMap((each) => metrics.filter((metric) => metric.metric === each));
  const metric = metrics.find((each) => each.metric === chosen.metric) ?? shown[0];
  const [sorted = "", down = "down"] = chosen.sort.split(":");
  const by = say(chosen.by as Word);
  const every = say(chosen.period);
  if (!metric) return <Empty>{say("nothing")}</Empty>;
  const name = named(metric.name, language) || metric.metric;
  const figureOf = (figures: Row["figures"]) => figures.find((each) => each.metric === metric.metric) ?? { numerator: 0, denominator: null, value: null };
  const lines = rows.map((row) => ({ key: row.key, name: row.name, points: [], whole: figureOf(row.figures) }));
  const renamed = series.data && { ...series.data, groups: series.data.groups.map((each) => ({ ...each, name: { en: called(each.group, each.name) } })) };
  return (
    <>
      {rows.length === 0 ? (
        <Empty>{say("nothing")}</Empty>
      ) : (
        <Table
          {...{ answer, by }}
          rows={inOrder(rows, sorted, down === "down")}
          metrics={shown}
          chosen={metric.metric}
          sort={{ metric: sorted, down: down === "down" }}
          onSort={(each) => ask({ sort: `${each}:${sorted === each && down === "down" ? "up" : "down"}` })}
          onChoose={(each) => ask({ metric: each })}
          onBehind={setBehind}
        />
      )}
      <div className={css.about}>
        <h2>{name}</h2>
        <span>{say("formula", { formula: named(metric.formula, language) })}</span>
        <span>{say("window", { window: named(metric.window_words, language) })}</span>
      </div>
      <Charts
        {...{ metric, name, lines, by, every }}
        series={renamed}
        isPending={series.isPending}
        whole={figureOf(answer.whole.figures)}
        onPick={(group) => setBehind({ metric: metric.metric, part: metric.measure === "min" ? "denominator" : "numerator", group, name: rows.find((each) => each.key === group)?.name ?? "" })}
      />
      {behind && (
        <Cases {...{ chosen, behind, furniture }} metric={metrics.find((each) => each.metric === behind.metric)} onPart={(part) => setBehind({ ...behind, part })} onClose={() => setBehind(null)} />
      )}
    </>
  );
}

/** Rows by a number, or by name where none is named; what has no number comes last. */
export function inOrder(rows: readonly Row[], metric: string, down: boolean): Row[] {
  const value = (row: Row) => row.figures.find((each) => each.metric === metric)?.value;
  return [...rows].sort((a, b) => {
    if (!metric) return (down ? 1 : -1) * a.name.localeCompare(b.name, "zh");
    const [left, right] = [value(a), value(b)];
    if (left === right) return a.name.localeCompare(b.name, "zh");
    if (left === null || left === undefined) return 1;
    if (right === null || right === undefined) return -1;
    return down ? right - left : left - right;
  });
}
