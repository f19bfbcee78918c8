/** 咨询: how many were answered on the spot, by which channel and with which entry; each number opens the inquiries behind it. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, data } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Notice, Skeleton } from "@/ui/ui";
import css from "./evaluate.module.css";
import { evaluate } from "./words";

interface Span {
  first_day: string;
  last_day: string;
}
interface Behind {
  says: string;
  entry?: string;
  channel?: string;
}

export function Inquiries({ span }: { span: Span }) {
  const say = evaluate.use();
  const code = useCode();
  const { words } = useSaid();
  const [behind, setBehind] = useState<Behind | null>(null);
  const query = { first_day: span.first_day, last_day: span.last_day };
  const asked = useQuery({ queryKey: ["inquiries", query], queryFn: () => data(api.GET("/v1/inquiries/figures", { params: { query } })) });
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  if (!asked.data) return <Skeleton rows={3} says={say("loading")} />;
  const { inquiries, by_channel, by_entry, titles } = asked.data;
  const number = (says: string, count: number, of: Omit<Behind, "says">) => (
    <button type="button" className={css.number} aria-label={say("inquiriesOf", { n: count, of: says })} onClick={() => setBehind({ says, ...of })}>
      {count.toLocaleString("en")}
    </button>
  );
  return (
    <section aria-labelledby="inquiries">
      <div className={css.about}>
        <h2 id="inquiries">{say("inquiries")}</h2>
        <span>{say("inquiriesAre")}</span>
      </div>
      {inquiries === 0 ? (
        <p>{say("inquiriesNone")}</p>
      ) : (
        <table className={css.list}>
          <thead>
            <tr>
              <th scope="col">{say("inquiriesBy")}</th>
              <th scope="col">{say("inquiriesAnswered")}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{say("whole")}</th>
              <td>{number(say("whole"), inquiries, {})}</td>
            </tr>
            {by_channel.map((each) => (
              <tr key={each.key}>
                <th scope="row">{code(`channel.${each.key}`)}</th>
                <td>{number(code(`channel.${each.key}`), each.inquiries, { channel: each.key })}</td>
              </tr>
            ))}
            {by_entry.map((each) => (
              <tr key={each.key}>
                <th scope="row">{say("inquiriesFrom", { title: titles[each.key] ?? each.key.slice(0, 8) })}</th>
                <td>{number(titles[each.key] ?? each.key.slice(0, 8), each.inquiries, { entry: each.key })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {behind && <Those span={query} behind={behind} onClose={() => setBehind(null)} />}
    </section>
  );
}

function Those({ span, behind, onClose }: { span: Span; behind: Behind; onClose: () => void }) {
  const say = evaluate.use();
  const code = useCode();
  const { words } = useSaid();
  const dialog = useRef<HTMLDialogElement>(null);
  const query = { ...span, ...(behind.entry ? { entry: behind.entry } : {}), ...(behind.channel ? { channel: behind.channel } : {}) };
  const asked = useQuery({ queryKey: ["inquiries", "behind", query], queryFn: () => data(api.GET("/v1/inquiries/figures/inquiries", { params: { query } })) });
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={css.drawer} aria-labelledby="those" onClose={onClose}>
      <div>
        <div className={css.bar}>
          <h2 id="those">
            {say("inquiries")} · {behind.says}
          </h2>
          <Button onClick={() => dialog.current?.close()}>{say("close")}</Button>
        </div>
        {asked.isPending && <Skeleton says={say("loading")} />}
        {asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
        <table className={css.list}>
          <thead>
            <tr>
              <th scope="col">{say("inquiriesAt")}</th>
              <th scope="col">{say("channel")}</th>
              <th scope="col">{say("inquiriesEntry")}</th>
            </tr>
          </thead>
          <tbody>
            {(asked.data ?? []).map((each) => (
              <tr key={each.id}>
                <th scope="row">{moment(each.answered_at)}</th>
                <td>{code(`channel.${each.channel}`)}</td>
                <td>
                  <a href={route`/knowledge?entry=${each.entry}`}>{each.title ?? each.entry.slice(0, 8)}</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </dialog>
  );
}
