/** One entry: its words first, then who answers for it, then what may be done. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { moment } from "@/lib/dates";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { type Entry, shownOf, useDeed, useNames, waitingOf } from "./api";
import css from "./knowledge.module.css";
import { knowledge as room } from "./words";

const FLAGS = ["outdated", "wrong", "unclear"] as const;
const REJECTIONS = ["wrong", "unclear", "no_source", "not_ours"] as const;
const RETIREMENTS = ["no_longer_true", "told_elsewhere", "nobody_asks"] as const;
type Doing = "flag" | "confirm" | "reject" | "retire" | null;

export function EntryPane({ entry, onRevise, onBack }: { entry: Entry; onRevise: () => void; onBack: () => void }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const { me } = useMe();
  const { classOf, unitOf } = useNames();
  const deed = useDeed(entry);
  const [doing, setDoing] = useState<Doing>(null);
  const shown = shownOf(entry);
  const waits = waitingOf(entry);
  const approves = may(me, "knowledge.approve");
  const owns = approves || (may(me, "knowledge.write") && Boolean(me?.seats.some((seat) => seat.unit === shown?.owner)));
  const go = (name: string, body: unknown) => deed.mutate({ deed: name, body }, { onSuccess: () => setDoing(null) });
  if (!shown) return null;
  return (
    <article className={css.pane}>
      <button type="button" className={css.back} onClick={onBack}>
        ← {say("title")}
      </button>
      {entry.why_not && <Notice tone={entry.why_not === "waiting" ? "plain" : "wrong"}>{code(`knowledge.why_not.${entry.why_not}`)}</Notice>}
      <h2>{shown.title ?? say("erased")}</h2>
      <p className={css.words}>{shown.text}</p>
      <dl className={css.about}>
        <dt>{say("owner")}</dt>
        <dd>{unitOf(shown.owner)}</dd>
        <dt>{say("lastDay")}</dt>
        <dd>{shown.valid_until}</dd>
        <dt>{say("classes")}</dt>
        <dd>{shown.classes.map(classOf).join("、") || say("noClass")}</dd>
        <dt>{say("areas")}</dt>
        <dd>{shown.areas.join("、") || say("allAreas")}</dd>
        <dt />
        <dd>{shown.is_public ? say("public") : say("staff")}</dd>
      </dl>
      {waits && waits !== shown && (
        <section className={css.waits}>
          <h3>
            {say("version", { n: waits.revision })} · {code("knowledge.state.waiting")}
          </h3>
          <b>{waits.title}</b>
          <p className={css.words}>{waits.text}</p>
        </section>
      )}
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      {deed.isSuccess && !doing && <Notice tone="good">{say("done")}</Notice>}
      {!entry.retired_at && !doing && (
        <div className={css.deeds}>
          {waits && approves && (
            <>
              <Button tone="loud" why={waits.drafted_by === me?.account ? say("own") : null} onClick={() => go("decision", { revision: waits.revision, granted: true })}>
                {say("publish")}
              </Button>
              <Button why={waits.drafted_by === me?.account ? say("own") : null} onClick={() => setDoing("reject")}>
                {say("reject")}
              </Button>
            </>
          )}
          {entry.published > 0 && <Button onClick={() => setDoing("flag")}>{say("raise")}</Button>}
          {entry.published > 0 && may(me, "knowledge.write") && (
            <Button why={owns ? null : say("notOwner", { unit: unitOf(shown.owner) })} onClick={() => setDoing("confirm")}>
              {say("confirm")}
            </Button>
          )}
          {may(me, "knowledge.write") && <Button onClick={onRevise}>{say("revise")}</Button>}
          {approves && (
            <Button tone="danger" onClick={() => setDoing("retire")}>
              {say("retire")}
            </Button>
          )}
        </div>
      )}
      {doing === "flag" && <Why kind="flag" reasons={FLAGS} about={say("raiseSay")} withNote onSend={(reason, note) => go("flags", { reason, note })} onCancel={() => setDoing(null)} />}
      {doing === "reject" && waits && (
        <Why kind="rejection" reasons={REJECTIONS} about={say("rejectSay")} onSend={(reason) => go("decision", { revision: waits.revision, granted: false, reason })} onCancel={() => setDoing(null)} />
      )}
      {doing === "retire" && <Why kind="retirement" reasons={RETIREMENTS} about={say("retireSay")} onSend={(reason) => go("retirement", { reason })} onCancel={() => setDoing(null)} />}
      {doing === "confirm" && <Until was={shown.valid_until} onSend={(day) => go("confirmation", { valid_until: day })} onCancel={() => setDoing(null)} />}
      <History entry={entry} />
    </article>
  );
}

function Asking({ about, onSend, onCancel, children }: { about: string; onSend: () => void; onCancel: () => void; children: ReactNode }) {
  const say = room.use();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend();
  };
  return (
    <form className={css.asking} onSubmit={submit}>
      <p>{about}</p>
      {children}
      <div className={css.deeds}>
        <Button type="submit" tone="loud">
          {say("send")}
        </Button>
        <Button onClick={onCancel}>{say("cancel")}</Button>
      </div>
    </form>
  );
}

interface WhyGiven {
  kind: string;
  reasons: readonly string[];
  about: string;
  withNote?: boolean;
  onSend: (reason: string, note: string) => void;
  onCancel: () => void;
}

function Why({ kind, reasons, about, withNote, onSend, onCancel }: WhyGiven) {
  const say = room.use();
  const code = useCode();
  const [reason, setReason] = useState(reasons[0] ?? "");
  const [note, setNote] = useState("");
  return (
    <Asking about={about} onSend={() => onSend(reason, note)} onCancel={onCancel}>
      <Select label={say("reason")} value={reason} onChange={(event) => setReason(event.target.value)} choices={reasons.map((each) => [each, code(`knowledge.${kind}.${each}`)] as const)} />
      {withNote && <TextArea label={say("note")} value={note} onChange={(event) => setNote(event.target.value)} />}
    </Asking>
  );
}

function Until({ was, onSend, onCancel }: { was: string; onSend: (day: string) => void; onCancel: () => void }) {
  const say = room.use();
  const [day, setDay] = useState(was);
  return (
    <Asking about={say("confirmSay")} onSend={() => onSend(day)} onCancel={onCancel}>
      <Field label={say("lastDay")} type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
    </Asking>
  );
}

function History({ entry }: { entry: Entry }) {
  const say = room.use();
  const code = useCode();
  return (
    <>
      {entry.flags.length > 0 && (
        <section className={css.history}>
          <h3>{say("raised")}</h3>
          <ul>
            {entry.flags.map((each) => (
              <li key={each.id}>
                <b className={each.settled_at ? undefined : css.warn}>{code(`knowledge.flag.${each.reason}`)}</b> {each.note} <time dateTime={each.raised_at}>{moment(each.raised_at)}</time>
                {each.settled_at && ` · ${say("settled")}`}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={css.history}>
        <h3>{say("versions")}</h3>
        <ol reversed>
          {entry.revisions.map((each) => (
            <li key={each.revision} value={each.revision}>
              <b>{code(`knowledge.state.${each.state}`)}</b> {each.title} · {say("wrote")} <time dateTime={each.drafted_at}>{moment(each.drafted_at)}</time>
              {each.decided_at && (
                <>
                  {" "}
                  · {say("decided")} <time dateTime={each.decided_at}>{moment(each.decided_at)}</time>
                </>
              )}
              {each.reason && ` · ${code(`knowledge.rejection.${each.reason}`)}`}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
