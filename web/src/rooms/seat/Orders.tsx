/** The hotline's work orders: what each waits for and until when. Which one is open lives in the address. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { useSettled } from "@/lib/settled";
import { Button, Empty, Field, Lamp, Notice, Select, Skeleton } from "@/ui/ui";
import { OrderPane } from "./OrderPane";
import { type Line, type ShownOrders, SHOWN, useOrders, type Waiting } from "./orders";
import css from "./seat.module.css";
import { seat as room } from "./words";

export function Orders({ onCall }: { onCall: (callback: string) => void }) {
  const [asked, ask] = useAsked();
  if (asked.order) return <OrderPane key={asked.order} id={asked.order} onBack={() => ask({ order: undefined })} onCall={onCall} />;
  return <List onOpen={(order) => ask({ order })} />;
}

function List({ onOpen }: { onOpen: (id: string) => void }) {
  const say = room.use();
  const { words } = useSaid();
  const [shown, show] = useState<ShownOrders>("hand");
  const [number, setNumber] = useState("");
  const orders = useOrders(shown, useSettled(number.trim(), 300));
  const items = orders.data?.pages.flatMap((page) => page?.items ?? []) ?? [];
  const byClock = shown === "hand" ? [...items].sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9")) : items;
  return (
    <div className={css.stack}>
      <div className={css.two}>
        <Select label={say("ordersShown")} value={shown} choices={(Object.keys(SHOWN) as ShownOrders[]).map((each) => [each, say(`shown_${each}`)] as const)} onChange={(event) => show(event.target.value as ShownOrders)} />
        <Field label={say("orderNumber")} type="search" autoComplete="off" value={number} onChange={(event) => setNumber(event.target.value)} />
      </div>
      {orders.error && <Notice tone="wrong">{told(orders.error, words)}</Notice>}
      {orders.isPending && <Skeleton rows={6} says={say("loading")} />}
      {orders.data && items.length === 0 && <Empty>{say(number ? "orderNotFound" : "ordersNone")}</Empty>}
      <ul className={css.lines}>
        {byClock.map((each) => (
          <li key={each.id}>
            <button type="button" className={css.call} onClick={() => onOpen(each.id)}>
              <Told line={each} />
            </button>
          </li>
        ))}
      </ul>
      {orders.hasNextPage && <Button onClick={() => void orders.fetchNextPage()}>{say("more")}</Button>}
    </div>
  );
}

function Told({ line }: { line: Line }) {
  const say = room.use();
  const code = useCode();
  const waits = say(`waits_${line.waits_for as Waiting}`);
  const colour = !line.due_at ? "grey" : line.is_late ? "red" : "green";
  return (
    <>
      <Lamp colour={colour} says={line.is_late ? say("late") : waits} />
      <b>{line.number}</b>
      <span className={css.chip}>{line.waits_for === "nothing" ? code(`order.state.${line.state}`) : waits}</span>
      {line.due_at && <span className={css.quiet}>{line.is_late ? say("late") : say("due", { when: moment(line.due_at) })}</span>}
      {line.urges > 0 && <b className={css.warn}>{say("urged", { count: line.urges })}</b>}
      {line.marks.map((each) => (
        <span key={each} className={css.mark}>
          {code(`order.mark.${each}`)}
        </span>
      ))}
      {line.exclusion && <span className={css.quiet}>{code(`order.exclusion.${line.exclusion}`)}</span>}
      {line.has_draft && <span className={css.quiet}>{say("hasDraft")}</span>}
    </>
  );
}
