/** What was published is put right: the form that begins it, and every version with what it said, what it corrects and why. */
import { type FormEvent, useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { dayAfter, moment } from "@/lib/dates";
import { route } from "@/lib/paths";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { type Task, useDeed, useNames } from "./api";
import css from "./survey.module.css";
import { shownNumber, shownValue } from "./values";
import { survey as room } from "./words";

const REASONS = ["sheet_wrong", "visit_wrong", "left_out", "form_wrong", "mistake"] as const;
const DAYS = 14;

export function Versions({ task }: { task: Task }) {
  const say = room.use();
  const code = useCode();
  const { objectOf, indicatorOf } = useNames();
  if (task.versions.length < 2 && !(task.state === "open" && task.version > 0)) return null;
  return (
    <section className={css.part}>
      <h3>{say("versions")}</h3>
      <ol className={css.rows}>
        {task.versions.map((each) => (
          <li key={each.version}>
            <p className={css.head}>
              <b>{say("version", { n: each.version })}</b>
              <span className={css.quiet}>{say("published", { at: moment(each.published_at) })}</span>
              <span className={each.holds ? css.live : css.warn}>{say(each.holds ? "holds" : "corrected")}</span>
            </p>
            {each.corrects != null && (
              <p>
                {say("corrects", { n: each.corrects, why: code(`survey.correct.${each.reason}`) })} {each.words}
              </p>
            )}
            {!each.holds && (
              <details className={css.fold}>
                <summary>{say("saidThen")}</summary>
                <ul className={css.rows}>
                  {each.said.map((one) => (
                    <li key={`${one.object}/${one.indicator}`}>
                      {objectOf(one.object)} · {indicatorOf(one.indicator)}:{" "}
                      {one.numerator == null ? say("withheld", { why: code(`survey.withheld.${one.why}`) }) : `${shownValue({ numerator: one.numerator, denominator: one.denominator })}${one.denominator == null ? "" : ` (${shownNumber(one.numerator)} / ${shownNumber(one.denominator)})`}`}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Correct({ task }: { task: Task }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const deed = useDeed();
  const [said, change] = useState(() => ({ reason: "", words: "", until: dayAfter(DAYS) }));
  const set = (name: keyof typeof said) => (event: { target: { value: string } }) => change({ ...said, [name]: event.target.value });
  const begin = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate({ path: route`/v1/survey/tasks/${task.id}/correction`, body: said, no: task.no });
  };
  return (
    <details className={css.fold}>
      <summary>{say("correct")}</summary>
      <form className={css.form} onSubmit={begin}>
        <p className={css.quiet}>{say("correctSay")}</p>
        <Select label={say("reason")} empty="—" required value={said.reason} choices={REASONS.map((each) => [each, code(`survey.correct.${each}`)] as const)} onChange={set("reason")} />
        <TextArea label={say("wrongWords")} value={said.words} onChange={set("words")} />
        <Field label={say("untilDay")} type="date" required value={said.until} onChange={set("until")} />
        {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
        <div className={css.deeds}>
          <Button type="submit" disabled={deed.isPending}>
            {say("correctBegin")}
          </Button>
        </div>
      </form>
    </details>
  );
}
