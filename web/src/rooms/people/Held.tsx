/** Facts that a handler could not handle: tried again, or passed over with a reason. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Lamp, Notice, Select, Skeleton } from "@/ui/ui";
import { type Held as Row, useHeld, useSend } from "./api";
import css from "./people.module.css";
import { people as room } from "./words";

const REASONS = ["handled_by_hand", "no_longer_needed", "faulty_fact"] as const;

export default function Held() {
  const say = room.use();
  const { words } = useSaid();
  const held = useHeld();
  if (!held.data) return held.error ? <Notice tone="wrong">{told(held.error, words)}</Notice> : <Skeleton rows={5} says={say("loading")} />;
  if (held.data.length === 0) return <Empty>{say("noHeld")}</Empty>;
  return (
    <ul className={css.rows}>
      {held.data.map((each) => (
        <Line key={`${each.handler} ${each.seq}`} row={each} />
      ))}
    </ul>
  );
}

function Line({ row }: { row: Row }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const [skipping, setSkipping] = useState(false);
  const [reason, setReason] = useState<string>(REASONS[0]);
  const change = useSend("held");
  const one = { handler: row.handler, seq: row.seq };
  const stands = row.stands === "parked" ? say("parked") : row.stands === "again" ? say("again", { when: row.next_at ? moment(row.next_at) : "" }) : say("waits");
  return (
    <li>
      <Lamp colour={row.stands === "parked" ? "red" : row.stands === "again" ? "yellow" : "grey"} says={stands} />
      <b>{row.handler}</b>
      <span className={css.codes}>{row.fact_id}</span>
      <span>{stands}</span>
      <span className={css.quiet}>{say("tries", { count: row.tries })}</span>
      <code className={css.error}>{row.error}</code>
      {skipping ? (
        <div className={css.form}>
          <p>{say("skipSay")}</p>
          <Select label={say("reason")} value={reason} choices={REASONS.map((each) => [each, code(`held.reason.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
          <div className={css.bar}>
            <Button tone="danger" onClick={() => change.mutate({ path: "/v1/held/skip", body: { ...one, reason } })}>
              {say("skip")}
            </Button>
            <Button onClick={() => setSkipping(false)}>{say("cancel")}</Button>
          </div>
        </div>
      ) : (
        <span className={css.bar}>
          <Button tone="loud" onClick={() => change.mutate({ path: "/v1/held/retry", body: one })}>
            {say("retry")}
          </Button>
          <Button onClick={() => setSkipping(true)}>{say("skip")}</Button>
        </span>
      )}
      {change.error && <Notice tone="wrong">{told(change.error, words)}</Notice>}
    </li>
  );
}
