/** The register of algorithms: what decides or proposes, for everybody; models and switches for who may. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { moment } from "@/lib/dates";
import { Button, Lamp, type LampColour, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Algorithm, useChange, useRegister } from "./api";
import { FiguresOf } from "./Figures";
import { Models } from "./Models";
import css from "./register.module.css";
import { register as room } from "./words";

const LAMPS: Record<string, LampColour> = { decides: "green", waits: "grey", paused: "grey", missing: "red", broken: "red", other_pack: "red" };
const FIELDS = [
  "goal", "decision_making_process", "impact", "human_intervention", "objection_procedure", "contact", "description", "source_data", "training_data",
  "data_bias", "risks", "proportionality", "monitoring", "rollback", "algorithm_type", "methods_and_models", "alternatives_considered", "lawful_basis",
] as const;

export default function Register() {
  const say = room.use();
  const { words } = useSaid();
  const found = useRegister();
  return (
    <main className={css.page}>
      <h1>{say("title")}</h1>
      <p className={css.intro}>{say("intro")}</p>
      {found.data ? (
        found.data.map((each) => <Entry key={each.id} of={each} />)
      ) : found.error ? (
        <Notice tone="wrong">{told(found.error, words)}</Notice>
      ) : (
        <Skeleton rows={8} says={say("loading")} />
      )}
      <p className={css.quiet}>{say("standard")}</p>
    </main>
  );
}

function Entry({ of }: { of: Algorithm }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { me } = useMe();
  const says = (field: string) => (of.says[field] ? named(of.says[field], language) : "");
  const state = code(`algorithm.state.${of.state}`);
  const mark = of.model;
  return (
    <section className={css.entry} aria-labelledby={`algorithm-${of.id}`}>
      <header className={css.head}>
        <h2 id={`algorithm-${of.id}`}>{says("name") || code(`algorithm.${of.id}`)}</h2>
        <span className={css.state}>
          <Lamp colour={LAMPS[of.state] ?? "grey"} says={state} /> {state}
          {of.paused_at && ` ${say("pausedSince", { when: moment(of.paused_at) })}`}
        </span>
        {may(me, "learning.manage") && <Switch of={of} />}
      </header>
      <p>{says("description_short")}</p>
      {mark && <p className={css.quiet}>{say("model", { name: mark.name, when: moment(mark.trained_at), lessons: mark.lessons, classes: mark.classes })}</p>}
      <FiguresOf algorithm={of} />
      <details className={css.more}>
        <summary>{say("entry")}</summary>
        {Object.keys(of.says).length === 0 ? (
          <p>{say("nothingSaid")}</p>
        ) : (
          <dl className={css.fields}>
            {FIELDS.filter((field) => of.says[field]).map((field) => (
              <div key={field}>
                <dt>{say(field === "rollback" ? "rollback_field" : field)}</dt>
                <dd>{says(field)}</dd>
              </div>
            ))}
          </dl>
        )}
      </details>
      {of.id === "lessons" && may(me, "learning.read") && <Models mayManage={may(me, "learning.manage")} />}
    </section>
  );
}

/** Pause and resume. Pausing asks once more, as it makes work for people. */
function Switch({ of }: { of: Algorithm }) {
  const say = room.use();
  const { words } = useSaid();
  const change = useChange();
  const [asking, ask] = useState(false);
  const send = (deed: string) => change.mutate(route`/v1/algorithms/${of.id}/${deed}`, { onSettled: () => ask(false) });
  return (
    <span className={css.switch}>
      {of.paused_at ? (
        <Button tone="loud" disabled={change.isPending} onClick={() => send("resumption")}>
          {say("resume")}
        </Button>
      ) : asking ? (
        <>
          <span>{say("pauseSay")}</span>
          <Button tone="danger" disabled={change.isPending} onClick={() => send("pause")}>
            {say("surePause")}
          </Button>
          <Button onClick={() => ask(false)}>{say("cancel")}</Button>
        </>
      ) : (
        <Button onClick={() => ask(true)}>{say("pause")}</Button>
      )}
      {change.error && <Notice tone="wrong">{told(change.error, words)}</Notice>}
    </span>
  );
}
