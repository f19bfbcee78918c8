/** What was sent and has not arrived, or was not taken: in sight until it is settled. */
import { useState } from "react";
import { useHashLocation } from "wouter/use-hash-location";
import { useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { drop, flush, type Item, keepDraft, useOnline, useOutbox } from "@/offline";
import { moment } from "@/lib/dates";
import { Button, Notice } from "@/ui/ui";
import { DRAFT, draftAgain } from "./draft";
import { REPORT } from "./mine";
import css from "./resident.module.css";
import { resident } from "./words";

export function Waiting() {
  const say = resident.use();
  const online = useOnline();
  const [busy, setBusy] = useState(false);
  const left = useOutbox().filter((each) => each.account === "" && each.state !== "sent");
  if (left.length === 0) return null;
  const waiting = left.filter((each) => each.state === "waiting");
  const push = async () => {
    setBusy(true);
    await flush(true).catch(() => undefined);
    setBusy(false);
  };
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">{say("waiting")}</h2>
      {waiting.length > 0 && <p>{say("waitingDo")}</p>}
      <ul className={css.list}>
        {left.map((each) => (
          <li key={each.id} className={css.card}>
            <b>{each.title}</b>
            <span className={css.quiet}>{moment(new Date(each.made_at).toISOString())}</span>
            {each.state !== "waiting" && <Settle item={each} />}
          </li>
        ))}
      </ul>
      {online && waiting.length > 0 && (
        <Button onClick={() => void push()} disabled={busy}>
          {busy ? say("sending") : say("sendNow")}
        </Button>
      )}
    </section>
  );
}

/** The city said no: why, and what one may do. Nothing is thrown away but by the person. */
function Settle({ item }: { item: Item }) {
  const say = resident.use();
  const { words } = useSaid();
  const [, go] = useHashLocation();
  const change = async () => {
    await keepDraft(DRAFT, draftAgain(item));
    await drop(item.id);
    go("/report");
  };
  return (
    <>
      <Notice tone="wrong">
        <p>
          <b>{say("refused")}</b>
        </p>
        {item.problem && <p>{told(new Refusal(item.problem), words)}</p>}
      </Notice>
      <div className={css.row}>
        {item.kind === REPORT && (
          <Button tone="loud" onClick={() => void change()}>
            {say("change")}
          </Button>
        )}
        <Button tone="danger" onClick={() => confirm(say("giveUpSure")) && void drop(item.id)}>
          {say("giveUp")}
        </Button>
      </div>
    </>
  );
}
