/** What may be done for all chosen cases at once, and what became of each. */
import { useState } from "react";
import { Link } from "wouter";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { asking } from "@/lib/address";
import { Button, Notice } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { doMany, type Line, type OneAnswer } from "./api";
import css from "./console.module.css";
import { fits, fitting } from "./furniture";
import { room } from "./words";

interface Props {
  lines: readonly Line[];
  marked: ReadonlySet<string>;
  permissions: readonly string[];
  asked: Record<string, string>;
  onClear: () => void;
  onAll: () => void;
  onDone: () => void;
}

/** The bar that comes up once something is chosen. */
export function Many({ lines, marked, permissions, asked, onClear, onAll, onDone }: Props) {
  const say = room.use();
  const code = useCode();
  const lang = useLanguage();
  const { words } = useSaid();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [answers, setAnswers] = useState<{ answer: OneAnswer; title: string }[]>([]);
  const chosen = lines.filter((line) => marked.has(line.case.id));
  const deeds = fitting(permissions, chosen.map((line) => line.case.state));

  async function go(deed: string) {
    const some = chosen.filter((line) => fits(deed, line.case.state)).slice(0, 100);
    setBusy(true);
    setWrong(null);
    try {
      const found = await doMany(deed, some.map((line) => ({ id: line.case.id, no: line.case.no })), lang, crypto.randomUUID());
      setAnswers(found.map((answer, place) => ({ answer, title: some[place] ? `${some[place].title} ${some[place].place}` : answer.id })));
      onClear();
      onDone();
    } catch (error) {
      setWrong(told(error, words));
    } finally {
      setBusy(false);
    }
  }

  const not = answers.filter((each) => each.answer.code);
  return (
    <>
      {chosen.length > 0 && (
        <div className={css.many} role="group" aria-label={say("chosen", { count: chosen.length })}>
          <b>{say("chosen", { count: chosen.length })}</b>
          {deeds.map((each) => (
            <Button key={each.deed} tone={each === deeds[0] ? "loud" : "plain"} disabled={busy} onClick={() => void go(each.deed)}>
              {say("doMany", { deed: code(`deed.${each.deed}`), count: each.count })}
            </Button>
          ))}
          <Button onClick={onAll}>{say("chooseAll")}</Button>
          <Button onClick={onClear}>{say("clearChosen")}</Button>
        </div>
      )}
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
      {answers.length > 0 && (
        <Notice tone={not.length > 0 ? "wrong" : "good"}>
          <p>
            {say("manyDone", { count: answers.length - not.length })}
            {not.length > 0 && ` · ${say("manyNot", { count: not.length })}`}
          </p>
          {not.length > 0 && (
            <ul>
              {not.map(({ answer, title }) => (
                <li key={answer.id}>
                  <Link href={`/console${asking(asked, { case: answer.id })}`}>{title}</Link> {answer.says}
                </li>
              ))}
            </ul>
          )}
          <Button onClick={() => setAnswers([])}>{say("close")}</Button>
        </Notice>
      )}
    </>
  );
}
