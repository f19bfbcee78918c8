/** Whom to call back: the list, what is due first at its head; then the script, and what was said to it. */
import { callOf } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { useReveal } from "@/api/reveal";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { useDraft } from "@/lib/drafts";
import { named, useLanguage } from "@/words/words";
import { Button, Empty, Lamp, Notice, Skeleton, TextArea } from "@/ui/ui";
import { type Callback, useCallbacks, useNames, useOutcome } from "./api";
import css from "./seat.module.css";
import { seat as room } from "./words";

const SOLVED = ["solved", "partly", "not"] as const;
const SATISFIED = ["satisfied", "mostly", "not", "none"] as const;
const TRIED = ["no_answer", "busy", "later", "refused", "wrong_number"] as const;
const REASONS = ["nothing_done", "half_done", "came_back", "too_slow", "bad_manner", "wrong_thing", "no_answer"] as const;

/** `first`: the call that is opened at once. */
export function Callbacks({ first = null }: { first?: string | null }) {
  const say = room.use();
  const { words } = useSaid();
  const { classOf } = useNames();
  const [chosen, choose] = useState<string | null>(first);
  const [done, setDone] = useState(false);
  const asked = useCallbacks();
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  if (!asked.data) return <Skeleton rows={5} says={say("loading")} />;
  const items = asked.data.items;
  const one = items.find((each) => each.id === chosen);
  if (one)
    return (
      <Call
        key={one.id}
        callback={one}
        questions={asked.data.questions}
        onBack={() => choose(null)}
        onDone={() => {
          choose(null);
          setDone(true);
        }}
      />
    );
  return (
    <div className={css.stack}>
      {done && <Notice tone="good">{say("noted")}</Notice>}
      {items.length === 0 && <Empty>{say("callsNone")}</Empty>}
      <ul className={css.lines}>
        {items.map((each) => (
          <li key={each.id}>
            <button type="button" className={css.call} onClick={() => choose(each.id)}>
              <Lamp colour={each.is_late ? "red" : "green"} says={each.is_late ? say("late") : say("callDue", { when: moment(each.due_at) })} />
              <b>{classOf(each.class_key)}</b>
              <span>{each.contact.phone}</span>
              <span className={css.quiet}>
                {say("callDue", { when: moment(each.due_at) })}
                {each.tries > 0 && ` · ${say("tries", { count: each.tries })}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {asked.data.next && <p className={css.quiet}>{say("callsMore")}</p>}
    </div>
  );
}

interface CallGiven {
  callback: Callback;
  questions: { code: string; words: Record<string, string> }[];
  onBack: () => void;
  onDone: () => void;
}

function Call({ callback, questions, onBack, onDone }: CallGiven) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const language = useLanguage();
  const { classOf } = useNames();
  const reveal = useReveal();
  const { typed, type, key, done } = useDraft(`callback:${callback.id}`, { solved: "", satisfied: "none", reasons: "", said: "" });
  const { solved = "", satisfied = "", said = "" } = typed;
  const reasons = typed.reasons?.split(" ").filter(Boolean) ?? [];
  const outcome = useOutcome(callback.id, (sent) => {
    done(sent);
    onDone();
  });
  const note = (heard: Parameters<typeof outcome.mutate>[0]["said"]) => outcome.mutate({ said: heard, key });
  const asks = (name: string) => {
    const found = questions.find((each) => each.code.endsWith(name));
    return named(found?.words, language);
  };
  return (
    <div className={css.stack}>
      <Button onClick={onBack}>← {say("back")}</Button>
      <h2>{say("callTo", { number: `${classOf(callback.class_key)} ${callback.number ?? ""}` })}</h2>
      <p className={css.row}>
        <b className={css.code}>{reveal.data?.contact.phone ?? callback.contact.phone}</b>
        {!reveal.data && <Button onClick={() => reveal.mutate({ report: callback.report, reason: "call_back" })}>{say("reveal")}</Button>}
        {reveal.data?.contact.phone && <a href={callOf(reveal.data.contact.phone)}>{reveal.data.contact.name || reveal.data.contact.phone}</a>}
      </p>
      <blockquote className={css.script} aria-label={say("script")}>
        {asks("greeting")}
      </blockquote>
      <Choice legend={asks("solved") || say("solved")} name="solved" values={SOLVED} chosen={solved} words={(each) => code(`verdict.solved.${each}`)} onPick={(picked) => type({ solved: picked })} />
      <Choice legend={asks("satisfied") || say("satisfied")} name="satisfied" values={SATISFIED} chosen={satisfied} words={(each) => code(`verdict.satisfied.${each}`)} onPick={(picked) => type({ satisfied: picked })} />
      {(solved === "not" || solved === "partly" || satisfied === "not") && (
        <fieldset className={css.choice}>
          <legend>{say("reasons")}</legend>
          {REASONS.map((each) => (
            <label key={each}>
              <input type="checkbox" checked={reasons.includes(each)} onChange={() => type({ reasons: (reasons.includes(each) ? reasons.filter((one) => one !== each) : [...reasons, each]).join(" ") })} />
              {code(`verdict.reason.${each}`)}
            </label>
          ))}
        </fieldset>
      )}
      <TextArea label={asks("words") || say("words")} value={said} onChange={(event) => type({ said: event.target.value })} />
      {(outcome.error ?? reveal.error) && <Notice tone="wrong">{told(outcome.error ?? reveal.error, words)}</Notice>}
      <div className={css.row}>
        <Button tone="loud" why={solved ? null : asks("solved") || say("solved")} disabled={outcome.isPending} onClick={() => note({ solved, satisfied, reasons, words: said })}>
          {say("note")}
        </Button>
        <span className={css.quiet}>{say("inVain")}</span>
        {TRIED.map((each) => (
          <Button key={each} disabled={outcome.isPending} onClick={() => note({ outcome: each })}>
            {code(`callback.tried.${each}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface ChoiceGiven {
  legend: string;
  name: string;
  values: readonly string[];
  chosen: string;
  words: (value: string) => string;
  onPick: (value: string) => void;
}

function Choice({ legend, name, values, chosen, words, onPick }: ChoiceGiven) {
  return (
    <fieldset className={css.choice}>
      <legend>{legend}</legend>
      {values.map((each) => (
        <label key={each}>
          <input type="radio" name={name} value={each} checked={chosen === each} onChange={() => onPick(each)} />
          {words(each)}
        </label>
      ))}
    </fieldset>
  );
}
