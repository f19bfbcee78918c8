/** One trial of a proposal: how far it is; then how many decisions would differ, how many nobody knows, and their cases. */
import { useState } from "react";
import { Link } from "wouter";
import { useCode } from "@/api/codes";
import { moment } from "@/lib/dates";
import { route } from "@/lib/paths";
import { Button, Notice, Progress, Skeleton } from "@/ui/ui";
import type { Named } from "./saying";
import { type Outcome, running, type Trial, type TrialLine, useLines } from "./trying";
import css from "./why.module.css";
import { why as room } from "./words";

const many = (n: number | undefined) => (n ?? 0).toLocaleString("en");

export function Tried({ trial, name }: { trial: Trial; name: Named }) {
  const say = room.use();
  const code = useCode();
  const [shown, show] = useState<"" | "differ" | "unknown">("");
  const { score, remedy } = trial;
  const last = new Date(new Date(trial.until).getTime() - 1000).toISOString();
  const what = remedy?.unit ? name("unit", remedy.unit) : remedy?.limit ? `${remedy.limit.value} ${code(`limit.${remedy.limit.unit}`)}` : "";
  const differ = (score.dispatches_changed ?? 0) + (score.deadlines_changed ?? 0) + (score.filings_changed ?? 0);
  const toggle = (to: "differ" | "unknown") => show(shown === to ? "" : to);
  return (
    <article className={css.tried} aria-label={say("triedOf", { what })}>
      <p>
        <b>{say("triedOf", { what })}</b> <span className={css.quiet}>{`${moment(trial.since)} – ${moment(last)} · ${code(`trial.state.${trial.state}`)}`}</span>
      </p>
      {running(trial) && <Progress value={trial.done} max={trial.size || 1} says={say("progress", { done: many(trial.done), size: many(trial.size) })} />}
      {trial.state === "failed" && <Notice tone="wrong">{code(`error.${trial.error ?? ""}`)}</Notice>}
      {trial.state === "done" && (
        <>
          <p role="status">
            {differ === 0
              ? say("nothingDiffers")
              : say("wouldDiffer", { dispatches: many(score.dispatches_changed), ofDispatches: many(score.dispatches), deadlines: many(score.deadlines_changed), ofDeadlines: many(score.deadlines), filings: many(score.filings_changed), ofFilings: many(score.filings) })}{" "}
            {say("unknownOf", { n: many(score.unknown) })}
          </p>
          <div className={css.bar}>
            <Button aria-expanded={shown === "differ"} onClick={() => toggle("differ")}>
              {say("showDiffer")}
            </Button>
            <Button aria-expanded={shown === "unknown"} onClick={() => toggle("unknown")} why={score.unknown ? null : say("noUnknown")}>
              {say("showUnknown")}
            </Button>
            {trial.draft_id && <Link href={route`/pack/drafts/${trial.draft_id}`}>{say("toDraft")}</Link>}
          </div>
          {shown && <Lines id={trial.id} unknown={shown === "unknown"} name={name} />}
        </>
      )}
    </article>
  );
}

function Lines({ id, unknown, name }: { id: string; unknown: boolean; name: Named }) {
  const say = room.use();
  const lines = useLines(id, unknown);
  const rows = lines.data?.pages.flatMap((page) => page.items) ?? [];
  if (lines.isPending) return <Skeleton rows={3} says={say("loading")} />;
  if (rows.length === 0) return <p className={css.quiet}>{say("nothingDiffers")}</p>;
  return (
    <>
      <ul className={css.lines}>
        {rows.map((each) => (
          <Differs key={each.seq} line={each} name={name} />
        ))}
      </ul>
      {lines.hasNextPage && <Button onClick={() => void lines.fetchNextPage()}>{say("more")}</Button>}
    </>
  );
}

function Differs({ line, name }: { line: TrialLine; name: Named }) {
  const say = room.use();
  const code = useCode();
  return (
    <li>
      <p>
        <Link href={route`/console?case=${line.case_id}`}>{line.number ?? say("noNumber")}</Link>{" "}
        <span className={css.quiet}>
          {moment(line.at)} · {code(`trial.kind.${line.kind}`)}
        </span>
      </p>
      <p className={css.quiet}>
        {say("wasThen")} <Said one={line.before} name={name} />
      </p>
      <p>
        {say("wouldBe")} {line.after ? <Said one={line.after} name={name} /> : code(`trial.note.${line.note ?? ""}`)}
      </p>
    </li>
  );
}

function Said({ one, name }: { one: Outcome; name: Named }) {
  const say = room.use();
  const code = useCode();
  const due = one.due ?? one.dispatch_due ?? one.accept_due;
  const parts = [code(`trial.how.${one.how}`), one.unit && name("unit", one.unit), one.limit && `${one.limit.value} ${code(`limit.${one.limit.unit}`)}`, due && say("due", { when: moment(due) })];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}
