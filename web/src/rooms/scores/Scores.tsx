/** Score sheets: every object with its rank, and under it each line with formula, numbers and cases. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Empty, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { CasesBehind, type Looked } from "./CasesBehind";
import { type Chosen, type Scheme, type Score, type SheetOf, usePeople, useSchemes, useSheet } from "./data";
import { chosenIn, Filters } from "./Filters";
import { plain } from "./formula";
import { Lines } from "./Lines";
import css from "./scores.module.css";
import { Use } from "./Use";
import { scores } from "./words";

export default function Scores() {
  const say = scores.use();
  const { words } = useSaid();
  const [asked, ask] = useAsked();
  const days = chosenIn(asked);
  const schemes = useSchemes(days);
  const scheme = schemes.data?.find((each) => each.scheme === asked.scheme) ?? schemes.data?.find((each) => each.scheme === "department") ?? schemes.data?.[0];
  const chosen = { ...days, scheme: scheme?.scheme ?? "" };
  const sheet = useSheet(chosen, scheme !== undefined);
  const wrong = schemes.error ?? sheet.error;
  return (
    <main className={css.room}>
      <h1>{say("title")}</h1>
      {schemes.data?.length === 0 && <Empty>{say("noSchemes")}</Empty>}
      {schemes.data && scheme && <Filters {...{ chosen, ask }} schemes={schemes.data} span={sheet.data?.sheet.span} />}
      {wrong && <Notice tone="wrong">{told(wrong, words)}</Notice>}
      {(schemes.isPending || (sheet.isPending && scheme)) && !wrong && <Skeleton rows={10} says={say("loading")} />}
      {scheme && sheet.data?.sheet.scheme === scheme.scheme && <Sheet {...{ scheme, chosen }} answer={sheet.data} open={asked.object} onOpen={(object) => ask({ object })} />}
      {scheme?.indicators.some((each) => each.metric === "functions_called") && <Use chosen={chosen} />}
    </main>
  );
}

interface Shown {
  scheme: Scheme;
  chosen: Chosen;
  answer: SheetOf;
  open: string | undefined;
  onOpen: (object: string | undefined) => void;
}

function Sheet({ scheme, chosen, answer, open, onOpen }: Shown) {
  const say = scores.use();
  const language = useLanguage();
  const { sheet, placed_least: least } = answer;
  const [looked, look] = useState<Looked | null>(null);
  const people = usePeople(sheet.scores.map((each) => each.object));
  const called = (object: string) => {
    if (object === "all") return say("city");
    if (object.startsWith("account:")) return people.data?.[object.slice(8)] ?? object.slice(8, 16);
    return named(answer.names[object], language) || object;
  };
  const groups = [...new Set(sheet.scores.map((each) => each.group))];
  const isUnweighted = scheme.indicators.every((each) => each.weight === 0);
  return (
    <>
      <section className={css.about}>
        <p>{named(scheme.says, language)}</p>
        <p className={css.quiet}>
          {isUnweighted ? say("unweighted") : say("known", { percent: scheme.known_least_ppm / 10_000 })} {say("source", { source: scheme.source })}
        </p>
        <p className={css.quiet}>{say("asOf", { first: sheet.span.first_day, last: sheet.span.last_day, when: moment(sheet.as_of), seq: sheet.seq.toLocaleString("en"), pack: sheet.pack.slice(0, 12) })}</p>
      </section>
      {sheet.scores.some((each) => each.rank !== null && each.cases < least) && <p className={css.quiet}>{say("few", { n: least })}</p>}
      {sheet.scores.length === 0 && <Empty>{say("nobody")}</Empty>}
      {groups.map((group) => (
        <section key={group}>
          {group && <h2>{say("group", { group })}</h2>}
          <Table {...{ scheme, least, open, onOpen, called }} scores={sheet.scores.filter((each) => each.group === group)} onLook={(score, line) => look({ score, line, name: called(score.object) })} />
        </section>
      ))}
      {looked && <CasesBehind {...{ scheme, chosen, looked }} onClose={() => look(null)} />}
    </>
  );
}

interface Rows {
  scheme: Scheme;
  least: number; // cases: with fewer a rank is set in brackets, and nobody has a place in what is published
  scores: readonly Score[];
  open: string | undefined;
  onOpen: (object: string | undefined) => void;
  called: (object: string) => string;
  onLook: (score: Score, line: Score["lines"][number]) => void;
}

function Table({ scheme, least, scores: rows, open, onOpen, called, onLook }: Rows) {
  const say = scores.use();
  const hasTarget = rows.some((each) => each.target_points !== null && each.target_points !== undefined);
  const isMoved = rows.some((each) => each.bonus || each.deduction);
  const columns = 5 + (hasTarget ? 1 : 0) + (isMoved ? 2 : 0);
  return (
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
    <div className={css.scroll} tabIndex={0} role="group" aria-label={say("title")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("rank")}</th>
            <th scope="col" className={css.left}>
              {say("object")}
            </th>
            <th scope="col">{say("points")}</th>
            {hasTarget && (
              <th scope="col" title={say("targetSay")}>
                {say("target")}
              </th>
            )}
            {isMoved && <th scope="col">{say("bonus")}</th>}
            {isMoved && <th scope="col">{say("deduction")}</th>}
            <th scope="col">{say("grade")}</th>
            <th scope="col">{say("cases")}</th>
          </tr>
        </thead>
        {rows.map((each) => (
          <tbody key={each.object} data-open={each.object === open || undefined}>
            <tr>
              <td>{each.rank === null ? "—" : each.cases < least ? <span className={css.quiet} title={say("few", { n: least })}>({each.rank})</span> : each.rank}</td>
              <th scope="row" className={css.left}>
                <button type="button" className={css.unfold} aria-expanded={each.object === open} aria-label={say("unfold", { name: called(each.object) })} onClick={() => onOpen(each.object === open ? undefined : each.object)}>
                  <span aria-hidden="true">{each.object === open ? "▾" : "▸"}</span> {called(each.object)}
                </button>
              </th>
              <td>
                <Points of={each.points} full={scheme.full} />
                {each.vetoed && <span className={css.veto}> {say("vetoed")}</span>}
              </td>
              {hasTarget && <td>{each.target_points === null || each.target_points === undefined ? "—" : each.target_points.toFixed(2)}</td>}
              {isMoved && <td>{each.bonus ? `+${plain(each.bonus)}` : ""}</td>}
              {isMoved && <td>{each.deduction ? `−${plain(each.deduction)}` : ""}</td>}
              <td>{each.grade ?? "—"}</td>
              <td>{each.cases}</td>
            </tr>
            {each.object === open && (
              <tr className={css.inner}>
                <td colSpan={columns}>
                  <Lines scheme={scheme} score={each} onLook={(line) => onLook(each, line)} />
                </td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** A score with a bar as long as its share of full marks. */
function Points({ of, full }: { of: number | null; full: number }) {
  const say = scores.use();
  if (of === null) return <span className={css.quiet}>{say("noScore")}</span>;
  return (
    <span className={css.points}>
      <span className={css.bar} aria-hidden="true">
        <span style={{ inlineSize: `${Math.max(0, Math.min(100, (100 * of) / (full || 100)))}%` }} />
      </span>
      <b>{of.toFixed(2)}</b>
    </span>
  );
}
