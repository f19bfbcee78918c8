/** What was done and has not arrived: each with its state, and what a person decides where the city says no. */
import { route } from "@/lib/paths";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useLocation } from "wouter";
import { useCode, useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { backToForm, drop, type Item, sendAgain, useOnline, useOutbox } from "@/offline";
import { Button, Empty, Notice } from "@/ui/ui";
import { usePress } from "./press";
import { mended, pageOf } from "./refused";
import css from "./work.module.css";
import { work } from "./words";

const OURS = ["work", "report", "census", "visit"];
interface Changed {
  fact: string;
  at: string;
}

/** Once an answer is there the list is asked for anew, and the item goes. */
export function useTaken(): void {
  const outbox = useOutbox();
  const client = useQueryClient();
  useEffect(() => {
    const sent = outbox.filter((each) => OURS.includes(each.kind) && each.state === "sent");
    if (sent.length === 0) return;
    void client
      .invalidateQueries({ queryKey: ["work"] })
      .then(() => Promise.all(sent.map((each) => drop(each.id))))
      .catch(() => undefined);
  }, [outbox, client]);
}

export function Outbox() {
  const say = work.use();
  const waiting = useOutbox().filter((each) => each.state !== "sent");
  return (
    <>
      <h1>{say("outbox")}</h1>
      {waiting.length === 0 && <Empty>{say("outboxNone")}</Empty>}
      <ol className={css.list}>
        {waiting.map((item) => (
          <Waiting key={item.id} item={item} />
        ))}
      </ol>
    </>
  );
}

function Waiting({ item }: { item: Item }) {
  const say = work.use();
  const code = useCode();
  const { words } = useSaid();
  const online = useOnline();
  const [, go] = useLocation();
  const { press, wrong } = usePress();
  const problem = item.problem;
  const changed = (Array.isArray(problem?.changed) ? problem.changed : []) as Changed[];
  const caseId = item.chain?.startsWith("case/") ? item.chain.slice(5) : null;
  const give = () => {
    if (confirm(say("giveUpSure"))) press(() => drop(item.id));
  };
  const mend = async () => {
    const back = (over = false) => backToForm(item.id, (value) => mended(value, item), over);
    if ((await back()) || (confirm(say("otherForm")) && (await back(true)))) go(pageOf(item));
  };
  return (
    <li className={css.waiting} data-state={item.state}>
      <b>{item.title}</b>
      <span className={css.quiet}>{stateOf(item, online, say)}</span>
      {item.state === "refused" && problem && <Notice tone="wrong">{told(new Refusal(problem), words)}</Notice>}
      {item.state === "conflict" && (
        <Notice tone="wrong">
          <p>{say("changedBy")}</p>
          <ul>
            {changed.map((each) => (
              <li key={`${each.fact}${each.at}`}>{code(`fact.${each.fact}`)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {(item.state === "refused" || item.state === "conflict") && (
        <div className={css.others}>
          {item.state === "conflict" && typeof problem?.etag === "string" && (
            <Button tone="loud" onClick={() => press(() => sendAgain(item.id, { etag: String(problem.etag) }))}>
              {say("anyway")}
            </Button>
          )}
          {item.form && <Button onClick={() => press(mend)}>{say("mend")}</Button>}
          {item.state === "refused" && <Button onClick={() => press(() => sendAgain(item.id))}>{say("again")}</Button>}
          {caseId && (
            <Link href={route`/work/case/${caseId}`} className={css.link}>
              {say("look")}
            </Link>
          )}
          <Button tone="danger" onClick={give}>
            {say("giveUp")}
          </Button>
        </div>
      )}
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
    </li>
  );
}

function stateOf(item: Item, online: boolean, say: ReturnType<typeof work.use>): string {
  if (item.state === "refused") return say("refused");
  if (item.state === "conflict") return say("conflict");
  if (item.problem?.status === 401 || item.problem?.code === "session.other_account") return say("signIn");
  return online ? say("sending") : say("waiting");
}
