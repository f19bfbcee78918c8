/** What goes out to other systems: how far each has been told, and what it would not take. */
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Lamp, Notice, Skeleton } from "@/ui/ui";
import { useOutbox, useSend } from "./api";
import css from "./people.module.css";
import { people as room } from "./words";

export default function Outbox() {
  const say = room.use();
  const { words } = useSaid();
  const outbox = useOutbox();
  const change = useSend("outbox");
  const wrong = outbox.error ?? change.error;
  if (!outbox.data) return outbox.error ? <Notice tone="wrong">{told(outbox.error, words)}</Notice> : <Skeleton rows={5} says={say("loading")} />;
  const { targets, held } = outbox.data;
  return (
    <div className={css.stack}>
      {wrong && <Notice tone="wrong">{told(wrong, words)}</Notice>}
      {targets.length === 0 && <Empty>{say("noTargets")}</Empty>}
      <ul className={css.rows}>
        {targets.map((each) => (
          <li key={each.target}>
            <Lamp colour={each.failing_since ? "red" : "green"} says={each.failing_since ? say("failing", { when: moment(each.failing_since) }) : say("fine")} />
            <b className={css.codes}>{each.target}</b>
            <span>{say("sent", { count: each.sent })}</span>
            <span>{each.behind ? say("behind", { count: each.behind }) : say("upToDate")}</span>
            {each.failing_since && (
              <span className={css.quiet}>
                {say("failing", { when: moment(each.failing_since) })} · {each.status} {each.error}
              </span>
            )}
            {each.tries > 0 && <Button onClick={() => change.mutate({ path: "/v1/outbox/retry", body: { target: each.target, seq: null } })}>{say("retry")}</Button>}
          </li>
        ))}
      </ul>
      <h2>{say("heldParcels")}</h2>
      {held.length === 0 && <p className={css.quiet}>{say("noParcels")}</p>}
      <ul className={css.rows}>
        {held.map((each) => (
          <li key={`${each.target} ${each.seq}`}>
            <b className={css.codes}>{each.fact_id}</b>
            <span className={css.quiet}>{each.target}</span>
            <span>{each.parked ? say("parked") : each.tries ? say("again", { when: each.next_at ? moment(each.next_at) : "" }) : say("waits")}</span>
            <span className={css.quiet}>
              {each.status} {each.error}
            </span>
            <Button onClick={() => change.mutate({ path: "/v1/outbox/retry", body: { target: each.target, seq: each.seq } })}>{say("retry")}</Button>
            <Button tone="danger" onClick={() => change.mutate({ path: "/v1/outbox/skip", body: { target: each.target, seq: each.seq } })}>
              {say("skip")}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
