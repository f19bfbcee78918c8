/** A proposal tried on past decisions: the form that begins a trial in the background, and the trials that there are. */
import { type FormEvent, useId, useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { dayAfter } from "@/lib/dates";
import { Button, Field, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import type { Furniture } from "./data";
import type { Named } from "./saying";
import { Tried } from "./Tried";
import { belongs, mayReadTrials, type Offer, type RuleLimit, useTrials, useTry } from "./trying";
import css from "./why.module.css";
import { why as room } from "./words";

const UNITS = ["urgent_hour", "urgent_day", "work_hour", "work_day", "natural_day"] as const;
const SPANS = ["31", "92", "184", "365"] as const;

interface Given {
  offer: Offer;
  limits: Record<string, RuleLimit[]>;
  furniture: Furniture | undefined;
  name: Named;
}

export function Try(given: Given) {
  const say = room.use();
  const { me } = useMe();
  const trials = useTrials(mayReadTrials(me));
  const mine = (trials.data ?? []).filter((each) => belongs(each, given.offer));
  if (!mayReadTrials(me)) return null;
  return (
    <>
      <details>
        <summary>{say("tryIt")}</summary>
        <Form {...given} />
      </details>
      {mine.slice(0, 3).map((each) => (
        <Tried key={each.id} trial={each} name={given.name} />
      ))}
    </>
  );
}

function Form({ offer, limits, furniture, name }: Given) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { words } = useSaid();
  const { me } = useMe();
  const why = useId();
  const run = useTry();
  const [key, setKey] = useState(offer.classes[0] ?? "");
  const rules = limits[key] ?? [];
  const [said, change] = useState({ unit: offer.units[0] ?? "", rule: "", value: "", of: "", days: "31" });
  const rule = rules.find((each) => each.rule === said.rule) ?? rules[0];
  const value = said.value || String(rule?.limit.value ?? "");
  const of = said.of || (rule?.limit.unit ?? "work_hour");
  const set = (field: keyof typeof said) => (event: { target: { value: string } }) => change({ ...said, [field]: event.target.value });
  const units = offer.units.length > 1 ? offer.units.map((each) => [each, name("unit", each)] as const) : Object.entries(furniture?.units ?? {}).map(([id, words]) => [id, named(words, language)] as const);
  const same = offer.what === "limit" && rule !== undefined && value === String(rule.limit.value) && of === rule.limit.unit;
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const now = Date.now();
    const remedy = offer.what === "unit" ? { class_key: key, area: offer.area, unit: said.unit } : { class_key: key, rule: rule?.rule ?? "", limit: { value: Number(value), unit: of as (typeof UNITS)[number] } };
    run.mutate({ remedy, from: dayAfter(1 - Number(said.days), now), to: dayAfter(0, now) });
  };
  return (
    <form className={css.try} onSubmit={begin} aria-describedby={why}>
      <p id={why} className={css.quiet}>
        {say(offer.what === "unit" ? "tryUnitWhy" : "tryLimitWhy", { class: name("class", key), area: offer.area ? name("street", offer.area) : say("wholeCity") })} {say("tryWhy")}
      </p>
      <div className={css.bar}>
        {offer.classes.length > 1 && <Select label={say("class")} value={key} choices={offer.classes.map((each) => [each, name("class", each)] as const)} onChange={(event) => setKey(event.target.value)} />}
        {offer.what === "unit" && <Select label={say("unit")} value={said.unit} empty="" required choices={units} onChange={set("unit")} />}
        {offer.what === "limit" && (
          <>
            {rules.length > 1 && <Select label={say("rule")} value={rule?.rule ?? ""} choices={rules.map((each) => [each.rule, named(each.condition, language)] as const)} onChange={(event) => change({ ...said, rule: event.target.value, value: "", of: "" })} />}
            <Field label={say("limit")} type="number" min={1} max={10000} required value={value} onChange={set("value")} />
            <Select label={say("limitUnit")} value={of} choices={UNITS.map((each) => [each, code(`limit.${each}`)] as const)} onChange={set("of")} />
          </>
        )}
        <Select label={say("period")} value={said.days} choices={SPANS.map((each) => [each, say("days", { n: each })] as const)} onChange={set("days")} />
        <Button tone="loud" type="submit" disabled={run.isPending} why={may(me, "pack.propose") ? (same ? say("sameLimit") : null) : say("mayNotTry")}>
          {say("run")}
        </Button>
      </div>
      {run.error && <Notice tone="wrong">{told(run.error, words)}</Notice>}
    </form>
  );
}
