/** My word on the result: solved? satisfied? What is not solved is taken up again. Kept and sent like a report. */
import { route } from "@/lib/paths";
import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useCode } from "@/api/codes";
import { drop, enqueue, sendLater, StorageFull, useDraft, useOutbox } from "@/offline";
import { moment } from "@/lib/dates";
import { Button, Notice, TextArea } from "@/ui/ui";
import type { Trail } from "../follow";
import { VERDICT } from "../mine";
import css from "../resident.module.css";
import { Waiting } from "../Waiting";
import { resident } from "../words";

type Judging = NonNullable<Trail["judging"]>;
const SOLVED = [["solved", "solved"], ["partly", "partly"], ["not", "notSolved"]] as const; // prettier-ignore
const SATISFIED = [["satisfied", "happy"], ["mostly", "mostly"], ["not", "unhappy"]] as const; // prettier-ignore
const REASONS = ["nothing_done", "half_done", "came_back", "too_slow", "bad_manner", "wrong_thing", "no_answer"];
const AGAIN_MS = [2_000, 8_000]; // the city takes the word at once, and decides a moment later what follows from it

export function Judge({ code, judging }: { code: string; judging: Judging }) {
  const say = resident.use();
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const mine = useOutbox(VERDICT).filter((each) => each.chain === code);
  const sent = mine.find((each) => each.state === "sent");
  useEffect(() => {
    if (!sent) return;
    const look = () => client.invalidateQueries({ queryKey: ["trails"] });
    void look().then(() => drop(sent.id));
    for (const after of AGAIN_MS) setTimeout(() => void look(), after); // also when this form has gone
  }, [sent, client]);

  const waits = mine.some((each) => each.state === "waiting");
  if (waits)
    return (
      <section>
        <Notice tone="good">{say("judgeWaits")}</Notice>
      </section>
    );
  if (mine.some((each) => each.state === "refused" || each.state === "conflict")) return <Waiting />;
  if (!judging.is_open && !judging.solved) return null;
  if (judging.solved && !changing)
    return (
      <section className={css.stack}>
        <Notice tone="good">{say("judged")}</Notice>
        {judging.is_open && <Button onClick={() => setChanging(true)}>{say("changeWord", { at: moment(judging.until) })}</Button>}
      </section>
    );
  return <Form code={code} before={judging} onDone={() => setChanging(false)} />;
}

interface Said {
  solved: string;
  satisfied: string;
  reasons: string[];
  words: string;
}

/** Kept at every change: a phone that rings, or a page that goes, takes no word away. */
function Form({ code, before, onDone }: { code: string; before: Judging; onDone: () => void }) {
  const say = resident.use();
  const word = useCode();
  const key = `verdict.${code}`;
  const draft = useDraft<Said>(key, {
    solved: before.solved ?? "", satisfied: before.satisfied && before.satisfied !== "none" ? before.satisfied : "", reasons: [], words: "",
  }); // prettier-ignore
  const { solved, satisfied, reasons, words } = draft.value;
  const [full, setFull] = useState(false);
  if (!draft.known) return null;
  const unhappy = solved === "not" || solved === "partly" || satisfied === "not";

  const send = async () => {
    const json = { solved, satisfied: satisfied || "none", reasons: unhappy ? reasons : [], words };
    try {
      await enqueue({ kind: VERDICT, title: say("sendWord"), chain: code, path: route`/v1/track/${code}/verdict`, body: { json } }, key);
      void sendLater();
      onDone();
    } catch (error) {
      if (error instanceof StorageFull) setFull(true);
      else throw error;
    }
  };
  return (
    <form
      className={css.group}
      onSubmit={(event) => {
        event.preventDefault();
        if (solved) void send();
      }}
    >
      <h2>{say("judge")}</h2>
      <div role="radiogroup" aria-label={say("judge")} className={css.chips}>
        {SOLVED.map(([value, name]) => (
          <label key={value} className={css.chip}>
            <input type="radio" name="solved" value={value} checked={solved === value} onChange={() => draft.change({ solved: value })} />
            <span>{say(name)}</span>
          </label>
        ))}
      </div>
      {(solved === "not" || solved === "partly") && <p>{say("reopens")}</p>}
      {solved && (
        <>
          <p id="satisfied">{say("satisfied")}</p>
          <div role="radiogroup" aria-labelledby="satisfied" className={css.chips}>
            {SATISFIED.map(([value, name]) => (
              <label key={value} className={css.chip}>
                <input type="radio" name="satisfied" value={value} checked={satisfied === value} onChange={() => draft.change({ satisfied: value })} />
                <span>{say(name)}</span>
              </label>
            ))}
          </div>
        </>
      )}
      {unhappy && (
        <fieldset className={css.bare}>
          <legend>{say("why")}</legend>
          <div className={css.chips}>
            {REASONS.map((each) => (
              <label key={each} className={css.chip}>
                <input type="checkbox" checked={reasons.includes(each)} onChange={(event) => draft.change({ reasons: event.target.checked ? [...reasons, each] : reasons.filter((other) => other !== each) })} />
                <span>{word(`verdict.reason.${each}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {solved && <TextArea label={say("words")} value={words} maxLength={2000} onChange={(event) => draft.change({ words: event.target.value })} />}
      {(full || draft.full) && <Notice tone="wrong">{say("full")}</Notice>}
      <Button type="submit" tone="loud" disabled={!solved}>
        {say("sendWord")}
      </Button>
    </form>
  );
}
