/** What was sent and has not arrived, or was not taken: in sight until it is settled. */
import { useState } from "react";
import { useHashLocation } from "wouter/use-hash-location";
import { useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { drop, flush, type Item, StorageFull, useDraft, useOnline, useOutbox } from "@/offline";
import { moment } from "@/lib/dates";
import { Button, Notice } from "@/ui/ui";
import { begun, DRAFT, draftAgain, EMPTY, type ReportDraft } from "./draft";
import { REPORT } from "./mine";
import css from "./resident.module.css";
import { resident } from "./words";

/** `onForm`: the form is to be shown, where it lies behind this page. */
export function Waiting({ onForm }: { onForm?: () => void }) {
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
            {each.state !== "waiting" && <Settle item={each} onForm={onForm} />}
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
function Settle({ item, onForm }: { item: Item; onForm?: () => void }) {
  const say = resident.use();
  const { words } = useSaid();
  const [, go] = useHashLocation();
  const draft = useDraft<ReportDraft>(DRAFT, EMPTY);
  const [full, setFull] = useState(false);
  const change = async () => {
    if (begun(draft.value) && !confirm(say("changeSure"))) return;
    try {
      await draft.replace(draftAgain(item));
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      return setFull(true); // it stays here as it is
    }
    await drop(item.id);
    onForm?.();
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
      {full && <Notice tone="wrong">{say("full")}</Notice>}
      <div className={css.row}>
        {item.kind === REPORT && (
          <Button tone="loud" disabled={!draft.known} onClick={() => void change()}>
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
