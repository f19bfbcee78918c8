/** Every deed of a work order as a button; the one that it waits for is loud; those that cannot be done now say why not. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useDraft } from "@/lib/drafts";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { type Order, useOrderDeed } from "./orders";
import css from "./seat.module.css";
import { seat as room } from "./words";

const REASONS = {
  return: ["not_ours", "outside", "repeated", "unclear", "private_matter"],
  exclusion: ["not_so", "legal_process", "unreasonable", "beyond_policy", "not_ours"],
  extension: ["works", "weather", "other_units", "law"],
} as const;
const HOWS = ["phone", "visit", "message"] as const;
const MARKS = ["whistle", "sudden", "escalated", "repeat", "secret", "anonymous"] as const;
const LOUD: Record<string, string> = { sign: "sign", contact: "contact", reply: "reply" };

interface Given {
  order: Order;
  refetch: () => void;
  children: ReactNode;
}
type Send = (path: string, body: unknown, onSent?: () => void) => void;

export function OrderDeeds({ order, refetch, children }: Given) {
  const code = useCode();
  const { words } = useSaid();
  const [open, setOpen] = useState<string | null>(null);
  const deed = useOrderDeed(order, () => setOpen(null), refetch);
  const loud = LOUD[order.line.waits_for];
  const shown = order.deeds.find((each) => each.name === open && !each.why_not);
  const send: Send = (path, body, onSent) => void deed.mutateAsync({ path, body }).then(onSent, () => {}); // what went wrong is shown above
  const press = (name: string) => {
    deed.reset();
    if (name === "sign") send("signature", {});
    else setOpen(open === name ? null : name);
  };
  return (
    <section className={css.stack}>
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      <div className={css.row}>
        {order.deeds.map((each) => (
          <Button
            key={each.name}
            tone={each.name === loud && !shown ? "loud" : "plain"}
            why={each.why_not ? code(each.why_not) : null}
            disabled={deed.isPending}
            aria-expanded={each.name === "sign" || each.why_not ? undefined : open === each.name}
            onClick={() => press(each.name)}
          >
            {code(`order.deed.${each.name}`)}
          </Button>
        ))}
        {children}
      </div>
      {shown && <Form key={shown.name} name={shown.name} order={order} busy={deed.isPending} send={send} />}
    </section>
  );
}

interface FormGiven {
  order: Order;
  busy: boolean;
  send: Send;
}

function Form({ name, ...rest }: FormGiven & { name: string }) {
  switch (name) {
    case "contact":
      return <Contact {...rest} />;
    case "reply":
      return <Reply {...rest} />;
    case "ask_return":
      return <Because {...rest} path="return" deed="ask_return" />;
    case "ask_exclusion":
      return <Because {...rest} path="exclusion" deed="ask_exclusion" />;
    case "ask_extension":
      return <MoreTime {...rest} />;
    case "mark":
      return <Marks {...rest} />;
    default:
      return null;
  }
}

/** A form with its one button. */
function Sheet({ deed, busy, onSend, children }: { deed: string; busy: boolean; onSend: () => void; children: ReactNode }) {
  const code = useCode();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend();
  };
  return (
    <form className={css.sheet} onSubmit={submit} aria-label={code(`order.deed.${deed}`)}>
      {children}
      <div className={css.row}>
        <Button type="submit" tone="loud" disabled={busy}>
          {code(`order.deed.${deed}`)}
        </Button>
      </div>
    </form>
  );
}

function Contact({ send, busy }: FormGiven) {
  const say = room.use();
  const code = useCode();
  const [how, setHow] = useState<string>("phone");
  return (
    <form className={css.sheet} aria-label={code("order.deed.contact")} onSubmit={(event) => event.preventDefault()}>
      <Select label={say("how")} value={how} choices={HOWS.map((each) => [each, code(`hotline.how.${each}`)] as const)} onChange={(event) => setHow(event.target.value)} />
      <div className={css.row}>
        <Button tone="loud" disabled={busy} onClick={() => send("contact", { how, reached: true })}>
          {say("reached")}
        </Button>
        <Button disabled={busy} onClick={() => send("contact", { how, reached: false })}>
          {say("notReached")}
        </Button>
      </div>
    </form>
  );
}

function Reply({ order, send, busy }: FormGiven) {
  const say = room.use();
  const draft = useDraft(`order:${order.line.id}:reply`, { text: order.draft ?? "", is_true: "true" });
  const { text = "", is_true } = draft.typed;
  return (
    <Sheet deed="reply" busy={busy} onSend={() => send("reply", { text, is_true: is_true === "true" }, () => draft.done())}>
      <TextArea label={say("replyText")} required rows={5} value={text} onChange={(event) => draft.type({ text: event.target.value })} />
      <label className={css.row}>
        <input type="checkbox" checked={is_true === "true"} onChange={(event) => draft.type({ is_true: String(event.target.checked) })} /> {say("isTrue")}
      </label>
    </Sheet>
  );
}

function Because({ order, path, deed, send, busy }: FormGiven & { path: "return" | "exclusion"; deed: string }) {
  const say = room.use();
  const code = useCode();
  const draft = useDraft(`order:${order.line.id}:${path}`, { reason: REASONS[path][0], note: "" });
  const { reason, note = "" } = draft.typed;
  return (
    <Sheet deed={deed} busy={busy} onSend={() => send(path, { reason, note }, () => draft.done())}>
      <Select label={say("reasons")} value={reason} choices={REASONS[path].map((each) => [each, code(`hotline.${path}.${each}`)] as const)} onChange={(event) => draft.type({ reason: event.target.value })} />
      <TextArea label={say("orderNote")} value={note} onChange={(event) => draft.type({ note: event.target.value })} />
    </Sheet>
  );
}

function MoreTime({ order, send, busy }: FormGiven) {
  const say = room.use();
  const code = useCode();
  const most = order.extension_most;
  const [value, setValue] = useState(1);
  const [reason, setReason] = useState<string>(REASONS.extension[0]);
  if (!most) return null;
  const unit = code(`limit.${most.unit}`);
  return (
    <Sheet deed="ask_extension" busy={busy} onSend={() => send("extension", { limit: { value, unit: most.unit }, reason })}>
      <Field label={say("howMuch", { unit })} hint={say("howMuchMost", { most: most.value, unit })} type="number" inputMode="numeric" required min={1} max={most.value} value={value} onChange={(event) => setValue(Number(event.target.value))} />
      <Select label={say("reasons")} value={reason} choices={REASONS.extension.map((each) => [each, code(`hotline.extension.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
    </Sheet>
  );
}

function Marks({ order, send, busy }: FormGiven) {
  const say = room.use();
  const code = useCode();
  const [marks, setMarks] = useState<readonly string[]>(order.line.marks);
  const turn = (mark: string) => setMarks(marks.includes(mark) ? marks.filter((each) => each !== mark) : [...marks, mark]);
  return (
    <Sheet deed="mark" busy={busy} onSend={() => send("marks", { marks })}>
      <fieldset className={css.choice}>
        <legend>{say("carries")}</legend>
        {MARKS.map((each) => (
          <label key={each}>
            <input type="checkbox" checked={marks.includes(each)} onChange={() => turn(each)} />
            {code(`order.mark.${each}`)}
          </label>
        ))}
      </fieldset>
    </Sheet>
  );
}
