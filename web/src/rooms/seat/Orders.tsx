/** The hotline's work orders: what each waits for and until when; signed, answered and sent back in the city's name. */
import { useQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data, send } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Lamp, Notice, Select, Skeleton, TextArea } from "@/ui/ui";
import { useNames } from "./api";
import css from "./seat.module.css";
import { seat as room } from "./words";

const fetched = (id: string) => data(api.GET("/v1/orders/{order_id}", { params: { path: { order_id: id } } }));
type Order = NonNullable<Awaited<ReturnType<typeof fetched>>>;
type Line = Order["line"];
const OURS = ["received", "signed", "returning", "replied"] as const;
const RETURNS = ["not_ours", "outside", "repeated", "unclear", "private_matter"] as const;

const useOrders = () =>
  useQuery({
    queryKey: ["orders"],
    queryFn: () => data(api.GET("/v1/orders", { params: { query: { state: [...OURS] } } })),
    refetchInterval: 30_000,
  });

export function Orders() {
  const say = room.use();
  const { words } = useSaid();
  const orders = useOrders();
  const [chosen, choose] = useState<string | null>(null);
  if (orders.error) return <Notice tone="wrong">{told(orders.error, words)}</Notice>;
  if (!orders.data) return <Skeleton rows={6} says={say("loading")} />;
  if (chosen) return <OrderPane id={chosen} onBack={() => choose(null)} />;
  const items = [...orders.data.items].sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  return (
    <div className={css.stack}>
      {items.length === 0 && <Empty>{say("ordersNone")}</Empty>}
      <ul className={css.lines}>
        {items.map((each) => (
          <li key={each.id}>
            <button type="button" className={css.call} onClick={() => choose(each.id)}>
              <Waits line={each} />
              <b>{each.number}</b>
              <span className={css.chip}>{say(`waits_${each.waits_for as Waiting}`)}</span>
              {each.due_at && <span className={css.quiet}>{each.is_late ? say("late") : say("due", { when: moment(each.due_at) })}</span>}
              {each.urges > 0 && <b className={css.warn}>{say("urged", { count: each.urges })}</b>}
              {each.has_draft && <span className={css.quiet}>{say("hasDraft")}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

type Waiting = "sign" | "contact" | "reply" | "hotline" | "call_back" | "nothing";

function Waits({ line }: { line: Line }) {
  const say = room.use();
  const colour = !line.due_at ? "grey" : line.is_late ? "red" : "green";
  return <Lamp colour={colour} says={line.is_late ? say("late") : say(`waits_${line.waits_for as Waiting}`)} />;
}

function OrderPane({ id, onBack }: { id: string; onBack: () => void }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const { unitOf } = useNames();
  const client = useQueryClient();
  const asked = useQuery({ queryKey: ["order", id], queryFn: () => fetched(id) });
  const deed = useMutation({
    mutationFn: ({ name, body }: { name: string; body?: unknown }) => send<Order>("POST", `/v1/orders/${id}/${name}`, body ?? {}, { etag: `"${asked.data?.line.no ?? 0}"` }),
    onSuccess: (found) => {
      client.setQueryData(["order", id], found);
      void client.invalidateQueries({ queryKey: ["orders"] });
    },
    onError: () => void asked.refetch(),
  });
  if (!asked.data) return asked.error ? <Notice tone="wrong">{told(asked.error, words)}</Notice> : <Skeleton rows={5} says={say("loading")} />;
  const order = asked.data;
  const can = (move: string) => order.moves.includes(move);
  return (
    <article className={css.stack}>
      <Button onClick={onBack}>← {say("back")}</Button>
      <h2>
        {order.line.number} <span className={css.chip}>{code(`order.state.${order.line.state}`)}</span>
      </h2>
      <p className={css.says}>{order.content ?? order.title}</p>
      <p className={css.meta}>
        <span>{order.address}</span>
        <span>{code(`order.request_kind.${order.line.request_kind}`)}</span>
        {order.line.unit && <span>{unitOf(order.line.unit)}</span>}
        {order.line.case_id && <a href={`/console?case=${order.line.case_id}`}>{order.line.case_number ?? code(`state.${order.line.case_state}`)}</a>}
      </p>
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      <div className={css.row}>
        {can("sign") && (
          <Button tone="loud" onClick={() => deed.mutate({ name: "signature" })}>
            {say("sign")}
          </Button>
        )}
        {can("contact") && (
          <>
            <Button tone={order.contacted_at ? "plain" : "loud"} onClick={() => deed.mutate({ name: "contact", body: { how: "phone", reached: true } })}>
              {say("reached")}
            </Button>
            <Button onClick={() => deed.mutate({ name: "contact", body: { how: "phone", reached: false } })}>{say("notReached")}</Button>
          </>
        )}
      </div>
      {can("reply") && <Reply key={order.draft ?? ""} draft={order.draft ?? ""} onSend={(text, isTrue) => deed.mutate({ name: "reply", body: { text, is_true: isTrue } })} />}
      {can("ask_return") && <Return onSend={(reason, note) => deed.mutate({ name: "return", body: { reason, note } })} />}
    </article>
  );
}

function Reply({ draft, onSend }: { draft: string; onSend: (text: string, isTrue: boolean) => void }) {
  const say = room.use();
  const [text, type] = useState(draft);
  const [isTrue, setTrue] = useState(true);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(text, isTrue);
  };
  return (
    <form className={css.stack} onSubmit={submit}>
      <TextArea label={say("replyText")} required rows={4} value={text} onChange={(event) => type(event.target.value)} />
      <label className={css.row}>
        <input type="checkbox" checked={isTrue} onChange={(event) => setTrue(event.target.checked)} /> {say("isTrue")}
      </label>
      <div className={css.row}>
        <Button type="submit" tone="loud">
          {say("reply")}
        </Button>
      </div>
    </form>
  );
}

function Return({ onSend }: { onSend: (reason: string, note: string) => void }) {
  const say = room.use();
  const code = useCode();
  const [reason, setReason] = useState<string>(RETURNS[0]);
  const [note, type] = useState("");
  return (
    <details>
      <summary>{say("sendBack")}</summary>
      <form
        className={css.stack}
        onSubmit={(event) => {
          event.preventDefault();
          onSend(reason, note);
        }}
      >
        <Select label={say("reasons")} value={reason} choices={RETURNS.map((each) => [each, code(`hotline.return.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
        <TextArea label={say("words")} value={note} onChange={(event) => type(event.target.value)} />
        <div className={css.row}>
          <Button type="submit">{say("sendBack")}</Button>
        </div>
      </form>
    </details>
  );
}
