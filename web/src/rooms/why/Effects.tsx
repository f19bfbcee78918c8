/** Measures that were taken, and what became of each beside comparable areas, with its doubt. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useMe } from "@/api/session";
import { dayOf } from "@/lib/dates";
import { Chart } from "@/ui/chart";
import { Button, Field, Notice, Select, Skeleton, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Furniture, type Measure, useEffectOf, useMeasures, useTake } from "./data";
import { chance, percent } from "./saying";
import css from "./why.module.css";
import { why as room } from "./words";

const KINDS = ["rule", "patrol", "works", "interface", "hands"] as const;
const one = (value: number | null | undefined) => (value === null || value === undefined ? "–" : value.toFixed(1));

export function Effects({ furniture }: { furniture: Furniture | undefined }) {
  const say = room.use();
  const { words } = useSaid();
  const { me } = useMe();
  const measures = useMeasures();
  const may = me?.permissions?.includes("case.supervise");
  return (
    <section className={css.part}>
      <h2>{say("effects")}</h2>
      <p className={css.quiet}>{say("effectsLead")}</p>
      {measures.error && <Notice tone="wrong">{told(measures.error, words)}</Notice>}
      {measures.data?.length === 0 && <p className={css.quiet}>{say("effectsNone")}</p>}
      <ol className={css.lines}>
        {measures.data?.map((each) => (
          <Line key={each.id} measure={each} />
        ))}
      </ol>
      {may && furniture && (
        <details>
          <summary>{say("take")}</summary>
          <Take furniture={furniture} />
        </details>
      )}
    </section>
  );
}

function Line({ measure }: { measure: Measure }) {
  const say = room.use();
  const language = useLanguage();
  const [open, show] = useState(false);
  return (
    <li>
      <div className={css.head}>
        <p>
          <b>{named(measure.kind_words, language)}</b> {named(measure.area_name, language) || measure.area}{" "}
          {measure.class_key ? named(measure.class_name, language) || measure.class_key : say("anyClass")} <span className={css.quiet}>{measure.since}</span>
        </p>
        <Button aria-expanded={open} aria-label={`${say(open ? "hide" : "show")}: ${named(measure.kind_words, language)} ${measure.since}`} onClick={() => show(!open)}>
          {say(open ? "hide" : "show")}
        </Button>
      </div>
      {measure.words && <p>{measure.words}</p>}
      {open && <Effect id={measure.id} />}
    </li>
  );
}

function Effect({ id }: { id: string }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useEffectOf(id);
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  if (!asked.data) return <Skeleton rows={4} says={say("loading")} />;
  const { effect } = asked.data;
  const doubts = asked.data.doubts.map((each) => say(`doubt.${each}`));
  if (!effect)
    return (
      <p>
        {say("cannot")} {say("doubt")}: {doubts.join("；")}
      </p>
    );
  const { difference, synthetic } = effect;
  const given = { effect: one(difference.effect), low: one(difference.low), high: one(difference.high), p: chance(difference.p), relative: say("relative", { n: percent(difference.relative) }) };
  const curve = effect.curve as unknown as [number, number][];
  return (
    <>
      <Chart
        kind="line"
        finding={say(effect.told ? "toldEffect" : "notTold", given)}
        measure={`${say("aWeek")} · ${say("curve", { n: effect.since + 1 })}`}
        labels={curve.map((_, n) => String(n + 1))}
        series={[
          { key: "was", name: say("was"), values: curve.map((each) => each[0]) },
          { key: "would", name: say("would"), values: curve.map((each) => each[1]) },
        ]}
        write={(value) => one(value)}
        height={220}
      />
      <p className={css.quiet}>{say("bySynthetic", { effect: one(synthetic.effect), p: chance(synthetic.p), n: effect.places })}</p>
      {doubts.length > 0 && (
        <p className={css.doubt}>
          △ {say("doubt")}: {doubts.join("；")}
        </p>
      )}
    </>
  );
}

function Take({ furniture }: { furniture: Furniture }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { words } = useSaid();
  const take = useTake();
  const [said, change] = useState({ kind: "patrol", area: "", class_key: "", since: dayOf(new Date()), words: "" });
  const set = (name: keyof typeof said) => (event: { target: { value: string } }) => change({ ...said, [name]: event.target.value });
  return (
    <form
      className={css.bar}
      onSubmit={(event) => {
        event.preventDefault();
        take.mutate({ ...said, class_key: said.class_key || null, unit: null }, { onSuccess: () => change({ ...said, words: "" }) });
      }}
    >
      <Select label={say("kind")} value={said.kind} choices={KINDS.map((each) => [each, code(`measure.kind.${each}`)] as const)} onChange={set("kind")} />
      <Select label={say("area")} value={said.area} empty="" required choices={furniture.areas.map((each) => [each.code, named(each.name, language)] as const)} onChange={set("area")} />
      <Select label={say("class")} value={said.class_key} empty={say("anyClass")} choices={Object.entries(furniture.classes).map(([key, name]) => [key, named(name, language)] as const)} onChange={set("class_key")} />
      <Field label={say("since")} type="date" required value={said.since} onChange={set("since")} />
      <TextArea label={say("words")} rows={2} value={said.words} onChange={set("words")} />
      <Button type="submit" tone="loud">
        {say("save")}
      </Button>
      <div role="status" aria-live="polite">
        {take.isSuccess && `✓ ${say("saved")}`}
        {take.error && <Notice tone="wrong">{told(take.error, words)}</Notice>}
      </div>
    </form>
  );
}
