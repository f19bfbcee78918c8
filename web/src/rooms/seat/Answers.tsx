/** Answering on the spot: the question is typed while listening, the answers stand below it, one key notes it. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Empty, Notice, TextArea } from "@/ui/ui";
import { type Answer, useAnswers, useFlag, useInquiry, useNames, useWords } from "./api";
import css from "./seat.module.css";
import { seat as room } from "./words";

export function Answers({ phone, onReport }: { phone: string; onReport: () => void }) {
  const say = room.use();
  const [question, ask] = useState("");
  const [done, setDone] = useState("");
  const answers = useAnswers(question);
  const found = answers.data?.items ?? [];
  const asked = question.trim().length > 1;
  return (
    <div className={css.stack}>
      <TextArea label={say("question")} hint={say("questionHint")} rows={2} maxLength={2000} value={question} onChange={(event) => ask(event.target.value)} />
      {done && <Notice tone="good">{say("answeredDone", { title: done })}</Notice>}
      {asked && answers.data && found.length === 0 && (
        <Empty>
          <p>{say("noAnswer")}</p>
          <Button onClick={onReport}>{say("report")}</Button>
        </Empty>
      )}
      {!asked && found.length > 0 && <h2>{say("often")}</h2>}
      {found.length > 0 && (
        <ol className={css.answers} aria-label={say(asked ? "found" : "often")}>
          {found.map((each, place) => (
            <Found key={`${each.id}${asked}`} answer={each} isFirst={asked && place === 0} question={question} phone={phone} onDone={() => setDone(each.title ?? "")} />
          ))}
        </ol>
      )}
    </div>
  );
}

interface FoundGiven {
  answer: Answer;
  isFirst: boolean;
  question: string;
  phone: string;
  onDone: () => void;
}

function Found({ answer, isFirst, question, phone, onDone }: FoundGiven) {
  const say = room.use();
  const { words } = useSaid();
  const { unitOf } = useNames();
  const [isOpen, setOpen] = useState(isFirst);
  const [key] = useState(() => crypto.randomUUID());
  const whole = useWords(answer.id, isOpen);
  const text = whole.data?.revisions.find((each) => each.revision === whole.data?.published)?.text ?? answer.text;
  const inquiry = useInquiry(onDone);
  const flag = useFlag();
  return (
    <li>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{answer.title}</summary>
        <p className={css.says}>{text}</p>
        <p className={css.meta}>
          <span>{unitOf(answer.owner)}</span>
          <span>{say("until", { day: answer.valid_until })}</span>
          {answer.flags > 0 && <b className={css.warn}>▲ {say("flagged")}</b>}
        </p>
        {(inquiry.error ?? flag.error) && <Notice tone="wrong">{told(inquiry.error ?? flag.error, words)}</Notice>}
        {flag.isSuccess && <Notice tone="good">{say("flaggedDone")}</Notice>}
        <div className={css.row}>
          <Button tone={isFirst ? "loud" : "plain"} disabled={inquiry.isPending || inquiry.isSuccess} onClick={() => inquiry.mutate({ entry: answer.id, question, phone, key })}>
            {say("answered")}
          </Button>
          {!flag.isSuccess && <Button onClick={() => flag.mutate(answer.id)}>{say("flagIt")}</Button>}
        </div>
      </details>
    </li>
  );
}
