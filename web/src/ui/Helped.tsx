/** What helped last time: the usual way with its legal basis, cases like this one by how they ended, entries to read. */
import { useEffect, useRef, useState } from "react";
import { aloud, CAN_READ } from "@/lib/aloud";
import { dayOf } from "@/lib/dates";
import css from "./helped.module.css";
import { helping } from "./helped.words";
import { Button, Skeleton } from "./ui";

interface Advice {
  steps: { says: string; basis: string }[];
  bases: string[];
  aloud: string;
  language: string;
}

interface Like {
  id: string;
  number: string | null;
  place: string;
  unit: string;
  closed_at: string;
  alike: string;
  metres: number | null;
  outcome: string[];
  done: string | null;
}

export interface HelpedShown {
  advice: Advice | null;
  summary: { cases: number; on_time: number; passed_first: number; came_back: number; asked: number; satisfied: number };
  cases: Like[];
  entries: { id: string; title: string; text: string }[];
}

interface Props {
  found: HelpedShown | undefined;
  hrefOf?: (id: string) => string;
}

/** The panel. `hrefOf` says where a case is looked at; without it they are named only. */
export function Helped({ found, hrefOf }: Props) {
  const say = helping.use();
  if (!found) return <Skeleton rows={2} says={say("loading")} />;
  const { advice, summary, cases, entries } = found;
  return (
    <div className={css.helped}>
      <div className={css.head}>
        <h2>{say("advice")}</h2>
        {advice && CAN_READ && <Voice text={advice.aloud} language={advice.language} />}
      </div>
      {advice ? (
        <>
          <ol className={css.steps}>
            {advice.steps.map((step) => (
              <li key={step.says}>{step.says}</li>
            ))}
          </ol>
          <details className={css.quiet}>
            <summary>{say("basis")}</summary>
            <ul>
              {advice.bases.map((basis) => (
                <li key={basis}>{basis}</li>
              ))}
            </ul>
          </details>
        </>
      ) : (
        <p className={css.quiet}>{say("noAdvice")}</p>
      )}
      <h2>{say("like")}</h2>
      {summary.cases === 0 ? (
        <p className={css.quiet}>{say("none")}</p>
      ) : (
        <p className={css.quiet}>
          {say("summary", { ...summary })}
          {summary.asked > 0 && say("content", { ...summary })}
        </p>
      )}
      <ol className={css.cases}>
        {cases.map((each) => (
          <li key={each.id}>
            <p>
              {hrefOf ? <a href={hrefOf(each.id)}>{each.number ?? each.id.slice(0, 8)}</a> : <b>{each.number ?? each.id.slice(0, 8)}</b>} {each.place} {each.unit}{" "}
              <time dateTime={each.closed_at}>{dayOf(new Date(each.closed_at))}</time>
            </p>
            <p className={css.quiet}>
              {[say("alike", { share: each.alike }), ...(each.metres === null ? [] : [say("away", { metres: each.metres })]), ...each.outcome].join(" · ")}
            </p>
            {each.done && <blockquote aria-label={say("done")}>{each.done}</blockquote>}
          </li>
        ))}
      </ol>
      {entries.length > 0 && <h2>{say("entries")}</h2>}
      {entries.map((each) => (
        <details key={each.id}>
          <summary>{each.title}</summary>
          <p>{each.text}</p>
        </details>
      ))}
    </div>
  );
}

/** Reads the text, and stops when asked to or when the page goes. */
function Voice({ text, language }: { text: string; language: string }) {
  const say = helping.use();
  const [reads, setReads] = useState(false);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  const press = () => {
    stop.current();
    if (!reads) stop.current = aloud(text, language, () => setReads(false));
    setReads(!reads);
  };
  return (
    <Button aria-pressed={reads} onClick={press}>
      {say(reads ? "stop" : "read")}
    </Button>
  );
}
