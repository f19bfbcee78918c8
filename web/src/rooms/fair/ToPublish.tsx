/** The desk of publishing: scores as they would be frozen, how sure they are, beside the version that stands. */
import { type FormEvent, useState } from "react";
import { useCode } from "@/api/codes";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { daysOf, type Draft, points, useDeed, useDraft, useSchemes } from "./data";
import css from "./fair.module.css";
import { Month } from "./Month";
import { ScoreTable } from "./ScoreTable";
import { Refused, Waiting } from "./Waiting";
import { fair as room } from "./words";

const REASONS = ["appeal", "exclusion", "late_facts", "pack", "mistake"] as const;
const FIRST = "department";

export function ToPublish({ month }: { month: string }) {
  const say = room.use();
  const language = useLanguage();
  const [asked, ask] = useAsked();
  const schemes = useSchemes();
  const known = schemes.data ?? [];
  const scheme = asked.scheme ?? (known.some((each) => each.scheme === FIRST) ? FIRST : (known[0]?.scheme ?? ""));
  const draft = useDraft(scheme, month);
  return (
    <div className={css.body}>
      <div className={css.tools}>
        <Month month={month} />
        <Select label={say("scheme")} value={scheme} choices={known.map((each) => [each.scheme, named(each.name, language)] as const)} onChange={(event) => ask({ scheme: event.target.value })} />
        {draft.data && <Publishing key={`${scheme}${month}`} draft={draft.data} scheme={scheme} month={month} />}
      </div>
      {draft.data ? <Scores draft={draft.data} /> : <Waiting asked={draft} />}
    </div>
  );
}

function Publishing({ draft, scheme, month }: { draft: Draft; scheme: string; month: string }) {
  const say = room.use();
  const code = useCode();
  const [days, setDays] = useState("7");
  const [reason, setReason] = useState<string>(REASONS[0]);
  const [words, setWords] = useState("");
  const [id, setId] = useState("");
  const deed = useDeed();
  const stands = draft.published?.sheet;
  const isEmpty = draft.draft.scores.length === 0; // the page says so
  const { from, to } = daysOf(month);
  const publish = (event: FormEvent) => {
    event.preventDefault();
    const body = { scheme, first_day: from, last_day: to, notice_days: Number(days), reason: stands ? reason : null, words: stands ? words : "" };
    deed.mutate({ path: "/v1/scores/published", body }, { onSuccess: (made) => setId((made as { sheet: { id: string } }).sheet.id) });
  };
  return (
    <form className={css.tools} onSubmit={publish}>
      <Field label={say("noticeDays")} type="number" min={1} max={60} required value={days} onChange={(event) => setDays(event.target.value)} />
      {stands && <Select label={say("why")} value={reason} choices={REASONS.map((each) => [each, code(`scores.reason.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />}
      {stands && <TextArea label={say("wrongWords")} rows={1} value={words} onChange={(event) => setWords(event.target.value)} />}
      {stands && <p className={css.quiet}>{say("willCorrect", { n: stands.version })}</p>}
      <Button type="submit" tone="loud" disabled={deed.isPending || isEmpty} title={isEmpty ? say("noScores") : undefined}>
        {say(stands ? "publishAgain" : "publish")}
      </Button>
      {id && <Notice tone="good">{say("done", { id })}</Notice>}
      <Refused error={deed.error} />
    </form>
  );
}

function Scores({ draft: { draft, published, placed_least: least, names } }: { draft: Draft }) {
  const say = room.use();
  if (draft.scores.length === 0) return <p className={css.quiet}>{say("noScores")}</p>;
  const stood = new Map((published?.scores ?? []).map((each) => [each.object, each.points]));
  return (
    <>
      <p className={css.quiet}>
        {say("asOf", { at: moment(draft.as_of), seq: draft.seq })} · {say("excluded", { n: draft.excluded.length })}
      </p>
      <ScoreTable
        names={names}
        least={least}
        rows={draft.scores}
        head={
          <>
            <th data-number title={say("lateHelp")}>
              {say("late")}
            </th>
            <th data-number>{say("ratio")}</th>
            <th data-number>{say("before")}</th>
          </>
        }
        more={({ score, adjusted }) => (
          <>
            <td data-number>{adjusted ? `${adjusted.observed} / ${adjusted.expected.toFixed(1)}` : "—"}</td>
            <td data-number>{adjusted?.ratio != null && adjusted.within ? `${adjusted.ratio.toFixed(2)} (${adjusted.within.low.toFixed(2)}–${adjusted.within.high.toFixed(2)})` : "—"}</td>
            <td data-number>{points(stood.get(score.object))}</td>
          </>
        )}
      />
      <p className={css.quiet}>{say("doubt")}</p>
      <p className={css.quiet}>{say("lateHelp")}</p>
    </>
  );
}
