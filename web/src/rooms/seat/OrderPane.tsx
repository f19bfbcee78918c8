/** One work order: its words, its clocks, what it adds to the three rates, and every deed of the seat. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Notice, Skeleton } from "@/ui/ui";
import { useCallbacks, useNames } from "./api";
import { OrderDeeds } from "./OrderDeeds";
import { fetched, type Order } from "./orders";
import css from "./seat.module.css";
import { seat as room } from "./words";

interface Given {
  id: string;
  onBack: () => void;
  onCall: (callback: string) => void;
}

export function OrderPane({ id, onBack, onCall }: Given) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const { unitOf } = useNames();
  const asked = useQuery({ queryKey: ["order", id], queryFn: () => fetched(id) });
  const back = <Button onClick={onBack}>← {say("back")}</Button>;
  if (!asked.data)
    return (
      <div className={css.stack}>
        {back}
        {asked.error ? <Notice tone="wrong">{told(asked.error, words)}</Notice> : <Skeleton rows={5} says={say("loading")} />}
      </div>
    );
  const order = asked.data;
  const { line } = order;
  return (
    <article className={css.stack}>
      {back}
      <h2>
        {line.number} <span className={css.chip}>{code(`order.state.${line.state}`)}</span>{" "}
        {line.marks.map((each) => (
          <span key={each} className={css.mark}>
            {code(`order.mark.${each}`)}
          </span>
        ))}
      </h2>
      <p className={css.says}>{order.content || order.title || say("wordsGone")}</p>
      <p className={css.meta}>
        {order.address && <span>{order.address}</span>}
        <span>{code(`order.request_kind.${line.request_kind}`)}</span>
        {line.unit && <span>{unitOf(line.unit)}</span>}
        {line.case_id && <a href={route`/console?case=${line.case_id}`}>{line.case_number ?? code(`state.${line.case_state}`)}</a>}
        {line.urges > 0 && <b className={css.warn}>▲ {say("urged", { count: line.urges })}</b>}
      </p>
      <Clocks order={order} />
      <Adds order={order} />
      {order.reply && (
        <section>
          <h3>{say("replied")}</h3>
          <p className={css.says}>{order.reply}</p>
        </section>
      )}
      <OrderDeeds key={line.id} order={order} refetch={() => void asked.refetch()}>
        <CallBack order={order} onCall={onCall} />
      </OrderDeeds>
    </article>
  );
}

/** What was to be done until when, and when it was. */
function Clocks({ order }: { order: Order }) {
  const say = room.use();
  const rows: [name: string, due: string, done: string | null | undefined][] = [
    [say("clockSign"), order.dues.sign_due, order.signed_at],
    [say("clockContact"), order.dues.contact_due, order.contacted_at],
    [say("clockReply"), order.dues.reply_due, order.replied_at],
  ];
  return (
    <table className={css.clocks}>
      <tbody>
        {rows.map(([name, due, done]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{say("due", { when: moment(due) })}</td>
            <td>{done ? <Done due={due} done={done} /> : <span className={css.quiet}>{say("notYet")}</span>}</td>
          </tr>
        ))}
        {order.extension_until && (
          <tr>
            <th scope="row">{say("clockMore")}</th>
            <td colSpan={2}>{say("moreAsked", { when: moment(order.extension_until) })}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Done({ due, done }: { due: string; done: string }) {
  const say = room.use();
  const inTime = Date.parse(done) <= Date.parse(due);
  return (
    <span className={inTime ? undefined : css.warn}>
      {inTime ? "✓" : "▲"} {moment(done)} {inTime ? say("inTime") : say("late")}
    </span>
  );
}

/** 三率: what the order adds to each as it stands. Units: parts per million of one order. */
function Adds({ order }: { order: Order }) {
  const say = room.use();
  const code = useCode();
  const { adds, line } = order;
  const share = (ppm: number | null | undefined) => (ppm === null || ppm === undefined ? say("notCountedYet") : `${Math.round(ppm / 10_000)}%`);
  return (
    <section aria-label={say("rates")} className={css.rates}>
      <h3>{say("rates")}</h3>
      {adds.valid ? (
        <dl>
          {([["response", adds.response], ["solve", adds.solve], ["satisfy", adds.satisfy]] as const).map(([name, ppm]) => (
            <div key={name}>
              <dt>{say(`rate_${name}`)}</dt>
              <dd data-low={ppm === 0 || undefined}>{share(ppm)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>{say("notCounted")}</p>
      )}
      {line.exclusion && (
        <p>
          {code(`order.exclusion.${line.exclusion}`)}
          {order.exclusion_reason && ` · ${code(`hotline.exclusion.${order.exclusion_reason}`)}`}
        </p>
      )}
    </section>
  );
}

/** 回访: our own call to whom the order came from, once the case is closed and the call waits for somebody. */
function CallBack({ order, onCall }: { order: Order; onCall: Given["onCall"] }) {
  const say = room.use();
  const waiting = useCallbacks().data?.items.find((each) => each.report === order.line.report_id);
  return (
    <Button why={waiting ? null : say("noCallBack")} onClick={() => waiting && onCall(waiting.id)}>
      {say("callBack")}
    </Button>
  );
}
