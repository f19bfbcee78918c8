/** Opening a task: forms, objects, period, who; a refusal stands under it in words, and nothing that was chosen is lost. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { dayAfter } from "@/lib/dates";
import { useOwnDraft } from "@/offline";
import { Button, Field, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type NewTask as Asked, useDeed, useForms, useNames, useVisitors, type Who } from "./api";
import css from "./survey.module.css";
import { survey as room } from "./words";

const WHO: readonly Who[] = ["self", "third", "mystery"];

export function NewTask({ onDone }: { onDone: (id: string) => void }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { words } = useSaid();
  const forms = useForms().data ?? [];
  const visitors = useVisitors(true).data ?? [];
  const { objects, objectOf } = useNames();
  const [begin] = useState<Required<Asked>>(() => ({
    who: "third", forms: [], objects: [], visitors: [], scheme: "",
    first_day: dayAfter(-90), last_day: dayAfter(-1), until: dayAfter(14),
  })); // prettier-ignore
  const draft = useOwnDraft<Required<Asked>>("survey/new", begin);
  const deed = useDeed();
  const now = draft.value;
  const visits = forms.some((each) => each.tool === "visit" && now.forms.includes(each.code));
  const submit = () =>
    deed.mutate(
      { path: "/v1/survey/tasks", body: { ...now, visitors: visits ? now.visitors : [] } },
      {
        onSuccess: (found) => {
          draft.clear();
          onDone(found.id ?? "");
        },
      },
    );
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{say("new")}</h2>
      <fieldset>
        <legend>{say("forms")}</legend>
        {forms.map((each) => (
          <label key={each.code} className={css.check}>
            <input type="checkbox" checked={now.forms.includes(each.code)} onChange={() => draft.change({ forms: toggled(now.forms, each.code) })} />
            <span>
              {named(each.name, language)} <small className={css.quiet}>{code(`survey.tool.${each.tool}`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <Picked label={say("addObject")} choices={objects} nameOf={objectOf} chosen={now.objects} onChange={(kept) => draft.change({ objects: kept })} />
      <div className={css.three}>
        <Field label={say("firstDay")} type="date" required value={now.first_day} onChange={(event) => draft.change({ first_day: event.target.value })} />
        <Field label={say("lastDay")} type="date" required value={now.last_day} onChange={(event) => draft.change({ last_day: event.target.value })} />
        <Field label={say("untilDay")} type="date" required value={now.until} onChange={(event) => draft.change({ until: event.target.value })} />
      </div>
      <Select label={say("who")} value={now.who} choices={WHO.map((each) => [each, code(`survey.who.${each}`)] as const)} onChange={(event) => draft.change({ who: event.target.value as Who })} />
      {visits && (
        <>
          <Picked
            label={say("visitors")}
            choices={visitors.map((each) => [each.code, named(each.name, language)] as [string, string])}
            nameOf={(id) => named(visitors.find((each) => each.code === id)?.name ?? {}, language) || id}
            chosen={now.visitors}
            onChange={(kept) => draft.change({ visitors: kept })}
          />
          {now.who === "mystery" && <p className={css.quiet}>{say("secretHint")}</p>}
        </>
      )}
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      <div className={css.deeds}>
        <Button type="submit" tone="loud" disabled={deed.isPending}>
          {say("open")}
        </Button>
        <span className={css.quiet}>{say("kept")}</span>
      </div>
    </form>
  );
}

function toggled(chosen: readonly string[], key: string): string[] {
  return chosen.includes(key) ? chosen.filter((each) => each !== key) : [...chosen, key];
}

interface PickedProps {
  label: string;
  choices: readonly [string, string][];
  nameOf: (key: string) => string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Some of many: one is added at a time, each can be taken out again. */
function Picked({ label, choices, nameOf, chosen, onChange }: PickedProps) {
  const say = room.use();
  return (
    <div className={css.picked}>
      <Select
        label={label}
        empty="—"
        value=""
        choices={choices.filter(([key]) => !chosen.includes(key))}
        onChange={(event) => event.target.value && onChange([...chosen, event.target.value])}
      />
      {chosen.length > 0 && (
        <ul className={css.chips}>
          {chosen.map((key) => (
            <li key={key}>
              {nameOf(key)}{" "}
              <button type="button" aria-label={say("remove", { name: nameOf(key) })} onClick={() => onChange(chosen.filter((each) => each !== key))}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
