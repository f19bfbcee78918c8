/** What may be done for all chosen cases at once: one form, each case answered by itself; those that were refused stay chosen. */
import { type RefObject, useImperativeHandle, useRef, useState } from "react";
import { Link } from "wouter";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { asking } from "@/lib/address";
import { Button, Notice, Progress } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { doMany, type Line, type Lists, type ManyDeed, type OneAnswer, useManyDeeds } from "./api";
import css from "./console.module.css";
import { bodyOf, type Typed } from "./forms";
import { fitting } from "./furniture";
import { ManyForm } from "./ManyForm";
import { room } from "./words";

const AT_ONCE = 20; // cases of one request, so that the bar moves

export interface ManyHands {
  enter: () => void;
  shut: () => boolean; // whether something was open
}

interface Props {
  lines: readonly Line[];
  marked: ReadonlySet<string>;
  asked: Record<string, string>;
  lists: Lists | undefined;
  offset: string;
  hands: RefObject<ManyHands | null>;
  onMark: (ids: readonly string[]) => void;
  onDone: () => void;
}

interface Refused {
  answer: OneAnswer;
  title: string;
}

/** The bar that comes up once something is chosen. */
export function Many({ lines, marked, asked, lists, offset, hands, onMark, onDone }: Props) {
  const say = room.use();
  const lang = useLanguage();
  const { words } = useSaid();
  const [open, setOpen] = useState<ManyDeed | null>(null);
  const [sent, setSent] = useState<{ done: number; of: number } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<{ done: number; refused: Refused[] } | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const chosen = lines.filter((line) => marked.has(line.case.id));
  const deeds = fitting(useManyDeeds().data ?? [], chosen.map((line) => line.case.state));
  const form = open && deeds.find((each) => each.deed.name === open.name);

  useImperativeHandle(hands, () => ({
    enter: () => bar.current?.querySelector<HTMLElement>("button")?.focus(),
    shut: () => {
      const was = form !== undefined && form !== null;
      if (was) setOpen(null);
      else if (chosen.length > 0) onMark([]);
      return was || chosen.length > 0;
    },
  }));
  async function go(deed: ManyDeed, typed: Typed) {
    const body = bodyOf(deed, typed, offset);
    const takes = chosen.filter((line) => line.case.id !== body.into); // the case that takes the others is none of them
    const some = takes.filter((line) => deed.states.includes(line.case.state));
    const rest = takes.filter((line) => !some.includes(line)).map((line) => line.case.id);
    const refused: Refused[] = [];
    let done = 0;
    setSent({ done: 0, of: some.length });
    setWrong(null);
    try {
      for (let at = 0; at < some.length; at += AT_ONCE) {
        const part = some.slice(at, at + AT_ONCE);
        const answers = await doMany(deed.name, part.map((line) => ({ id: line.case.id, no: line.case.no })), body, lang, crypto.randomUUID());
        answers.forEach((answer, place) => {
          const line = part[place];
          if (answer.code) refused.push({ answer, title: line ? `${line.title} ${line.case.number ?? line.place}` : answer.id });
          else done += 1;
        });
        setSent({ done: at + part.length, of: some.length });
      }
      setOpen(null);
      onMark([...rest, ...refused.map((each) => each.answer.id)]);
    } catch (error) {
      setWrong(told(error, words));
    } finally {
      setOutcome(done + refused.length > 0 ? { done, refused } : null);
      setSent(null);
      onDone();
    }
  }

  return (
    <>
      {chosen.length > 0 && (
        <div ref={bar} className={css.many} role="group" aria-label={say("chosen", { count: chosen.length })}>
          <b>{say("chosen", { count: chosen.length })}</b>
          {deeds.map(({ deed, count }, place) => (
            <Button key={deed.name} tone={place === 0 ? "loud" : "plain"} disabled={sent !== null} aria-expanded={deed.fields.length > 0 ? deed.name === open?.name : undefined} data-many={deed.name} onClick={() => (deed.fields.length === 0 ? void go(deed, {}) : setOpen(deed.name === open?.name ? null : deed))}>
              {say("doMany", { deed: deed.label, count })}
              {deed.fields.length > 0 && "…"}
            </Button>
          ))}
          <Button onClick={() => onMark(lines.slice(0, 100).map((line) => line.case.id))}>{say("chooseAll")}</Button>
          <Button onClick={() => onMark([])}>{say("clearChosen")}</Button>
          {form && <ManyForm key={form.deed.name} deed={form.deed} count={form.count} lists={lists} busy={sent !== null} onSend={(typed) => void go(form.deed, typed)} onClose={() => setOpen(null)} />}
          {sent && <Progress value={sent.done} max={sent.of} says={say("sendingMany", { done: sent.done, of: sent.of })} />}
        </div>
      )}
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
      {outcome && (
        <Notice tone={outcome.refused.length > 0 ? "wrong" : "good"}>
          <p>
            {say("manyDone", { count: outcome.done })}
            {outcome.refused.length > 0 && ` · ${say("manyNot", { count: outcome.refused.length })}`}
          </p>
          {outcome.refused.length > 0 && (
            <ul className={css.refused}>
              {outcome.refused.map(({ answer, title }) => (
                <li key={answer.id}>
                  <Link href={`/console${asking(asked, { case: answer.id })}`}>{title}</Link> {answer.says}
                </li>
              ))}
            </ul>
          )}
          <Button onClick={() => setOutcome(null)}>{say("close")}</Button>
        </Notice>
      )}
    </>
  );
}
