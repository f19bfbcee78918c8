/** What a number reported before: open cases first, each with where it stands. */
import { route } from "@/lib/paths";
import { useCode } from "@/api/codes";
import { minutesUntil, moment } from "@/lib/dates";
import { Empty, Lamp, type LampColour } from "@/ui/ui";
import { type Caller, type Past, useNames } from "./api";
import css from "./seat.module.css";
import { seat as room } from "./words";

export function History({ caller }: { caller: Caller }) {
  const say = room.use();
  const none = caller.reports.length + caller.inquiries.length + caller.hidden === 0;
  return (
    <div className={css.history} role="status">
      <h2>
        {say("history")} {caller.open_cases > 0 && <b className={css.open}>{say("openCases", { count: caller.open_cases })}</b>}
      </h2>
      {none && <Empty>{say("first")}</Empty>}
      <ul className={css.lines}>
        {caller.reports.map((each) => (
          <PastLine key={each.report} past={each} />
        ))}
        {caller.inquiries.map((each) => (
          <li key={each.id}>
            <b>{say("inquired", { title: each.title ?? "" })}</b>
            <span>{each.question}</span>
            <time dateTime={each.answered_at}>{moment(each.answered_at)}</time>
          </li>
        ))}
      </ul>
      {caller.hidden > 0 && <p className={css.quiet}>{say("hidden", { count: caller.hidden })}</p>}
    </div>
  );
}

function PastLine({ past }: { past: Past }) {
  const say = room.use();
  const code = useCode();
  const { classOf, unitOf } = useNames();
  const left = past.due_at && past.is_open ? minutesUntil(past.due_at) : null;
  const lamp: LampColour = left === null ? "grey" : left < 0 ? "red" : left < 120 ? "yellow" : "green";
  const state = past.state ? code(`state.${past.state}`) : say("understood");
  return (
    <li data-open={past.is_open}>
      <span className={css.row}>
        <Lamp colour={lamp} says={left !== null && left < 0 ? say("late") : state} />
        {past.case ? (
          <a href={route`/console?case=${past.case}`}>
            <b>{classOf(past.class_key) || state}</b>
          </a>
        ) : (
          <b>{state}</b>
        )}
        <span className={css.chip}>{state}</span>
      </span>
      <span>{past.text || past.address}</span>
      <span className={css.meta}>
        <time dateTime={past.received_at}>{moment(past.received_at)}</time>
        <span>{code(`channel.${past.channel}`)}</span>
        {past.number && <span>{past.number}</span>}
        {past.unit && <span>{unitOf(past.unit)}</span>}
        {left !== null && past.due_at && <span>{left < 0 ? say("late") : say("due", { when: moment(past.due_at) })}</span>}
        {past.closed_at && !past.is_open && <span>{say("closedAt", { when: moment(past.closed_at) })}</span>}
        {past.redos > 0 && <span>{say("redone", { count: past.redos })}</span>}
      </span>
    </li>
  );
}
