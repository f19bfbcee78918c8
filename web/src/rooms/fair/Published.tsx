/** What was published: every version with its scores as they were frozen, its appeals, and the end of its notice. */
import { route } from "@/lib/paths";
import { type FormEvent, useState } from "react";
import { useCode } from "@/api/codes";
import { may, useMe } from "@/api/session";
import { Link } from "wouter";
import { asking, useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Button, Notice, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Appeal, type Published as Sheet, useDeed, useSheet, useSheets } from "./data";
import css from "./fair.module.css";
import { ScoreTable } from "./ScoreTable";
import { Refused, Waiting } from "./Waiting";
import { fair as room } from "./words";

const DECIDED = ["right", "partly", "unfounded", "unproved"] as const;

export function Published() {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const [asked, ask] = useAsked();
  const sheets = useSheets();
  const shown = asked.sheet ?? sheets.data?.items[0]?.id ?? "";
  const sheet = useSheet(shown);
  if (!sheets.data) return <Waiting asked={sheets} />;
  if (sheets.data.items.length === 0) return <p className={css.empty}>{say("nothingPublished")}</p>;
  return (
    <div className={css.two}>
      <ul className={css.list}>
        {sheets.data.items.map((each) => (
          <li key={each.id}>
            <button type="button" className={css.pick} aria-pressed={each.id === shown} onClick={() => ask({ sheet: each.id })}>
              <b>
                {named(each.scheme_name, language) || each.scheme}
              </b>
              <span className={css.quiet}>
                {each.first_day} – {each.last_day} · {say("version", { n: each.version })} · {code(`scores.state.${each.state}`)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {sheet.data ? <Shown key={shown} sheet={sheet.data} /> : <Waiting asked={sheet} />}
    </div>
  );
}

function Shown({ sheet: { sheet, scores, appeals, placed_least: least, names, line_names: lines } }: { sheet: Sheet }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { me } = useMe();
  const deed = useDeed();
  const address = route`/v1/scores/published/${sheet.id}`;
  return (
    <section className={css.body}>
      <h2>
        {named(sheet.scheme_name, language) || sheet.scheme} · {sheet.first_day} – {sheet.last_day} · {say("version", { n: sheet.version })}
      </h2>
      <p className={css.quiet}>
        {code(`scores.state.${sheet.state}`)} · {say("until", { at: moment(sheet.notice_until) })} · {say("asOf", { at: moment(sheet.as_of), seq: sheet.seq })} · {say("excluded", { n: sheet.excluded.length })}
      </p>
      {sheet.corrects && (
        <p>
          {say("corrects")} <Link href={`/evaluate/fair${asking({ show: "published", sheet: sheet.corrects })}`}>{sheet.corrects}</Link>: {code(`scores.reason.${sheet.reason}`)} {sheet.words}
        </p>
      )}
      {sheet.replaced_by && (
        <Notice>
          {say("replaced")} <Link href={`/evaluate/fair${asking({ show: "published", sheet: sheet.replaced_by })}`}>{sheet.replaced_by}</Link>
        </Notice>
      )}
      <p className={css.quiet}>
        {say("check")} <code>cityloop scores check {sheet.id}</code>
      </p>
      {sheet.state === "notice" && may(me, "score.publish") && (
        <div className={css.tools}>
          <Button disabled={deed.isPending} onClick={() => deed.mutate({ path: `${address}/final`, body: {}, of: address })}>
            {say("settle")}
          </Button>
          <Refused error={deed.error} />
        </div>
      )}
      <ScoreTable names={names} least={least} rows={scores.map((score) => ({ score }))} />
      {appeals.length > 0 && <h3>{say("appeals")}</h3>}
      <ul className={css.list}>
        {appeals.map((each) => (
          <li key={each.id} className={css.item}>
            <b>
              {named(names[each.object], language) || each.object} · {each.indicator ? named(lines[each.indicator], language) || each.indicator : say("whole")}
            </b>
            <p>{each.note}</p>
            {each.upheld === null ? may(me, "case.judge") && <Deciding appeal={each} path={`${address}/appeals/${each.id}/decision`} /> : <Decided appeal={each} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was found of an appeal. */
export function Decided({ appeal }: { appeal: Appeal }) {
  const say = room.use();
  const code = useCode();
  if (appeal.upheld === null) return <p className={css.quiet}>{say("wait")}</p>;
  return (
    <p className={css.quiet}>
      {say(appeal.upheld ? "uphold" : "dismiss")}: {code(`scores.decided.${appeal.reason}`)} {appeal.answer}
    </p>
  );
}

function Deciding({ appeal, path }: { appeal: Appeal; path: string }) {
  const say = room.use();
  const code = useCode();
  const [reason, setReason] = useState<string>(DECIDED[0]);
  const [words, setWords] = useState("");
  const deed = useDeed();
  const decide = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate({ path, body: { upheld: reason === "right" || reason === "partly", reason, words } });
  };
  return (
    <form className={css.form} onSubmit={decide} aria-label={`${say("appeals")} ${appeal.object}`}>
      <Select label={say("reason")} value={reason} choices={DECIDED.map((each) => [each, code(`scores.decided.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
      <TextArea label={say("answer")} value={words} onChange={(event) => setWords(event.target.value)} />
      <div className={css.tools}>
        <Button type="submit" tone="loud" disabled={deed.isPending}>
          {say("send")}
        </Button>
        <Refused error={deed.error} />
      </div>
    </form>
  );
}
