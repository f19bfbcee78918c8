/** One thing that a form asks for. */
import { useId, useState } from "react";
import type { Later, Step } from "@/offline";
import { Field, Select, TextArea } from "@/ui/ui";
import { type FieldView, useLists } from "./data";
import type { Picture, Value } from "./form";
import { PhotoField } from "./PhotoField";
import css from "./work.module.css";
import { work } from "./words";

interface Given {
  field: FieldView;
  value: Value;
  wrong: string | null;
  photosMax: number;
  plain?: boolean; // says nothing of what may be left out
  onChange: (value: Value) => void;
  onPhotos: (how: Later<Step<Picture[]>>) => void;
}

export function FormField({ field, value, wrong, photosMax, plain, onChange, onPhotos }: Given) {
  const say = work.use();
  const label = field.needed || plain ? field.label : `${field.label}${say("optional")}`;
  const text = typeof value === "string" ? value : "";
  switch (field.takes) {
    case "photos":
      return <PhotoField label={label} value={value as Picture[]} most={photosMax} wrong={wrong} onChange={onPhotos} />;
    case "words":
    case "note":
      return <TextArea label={label} value={text} wrong={wrong} onChange={(event) => onChange(event.target.value)} />;
    case "flag":
      return (
        <label className={css.check}>
          <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} /> {label}
        </label>
      );
    case "number":
      return <Field label={label} inputMode="numeric" value={text} wrong={wrong} onChange={(event) => onChange(event.target.value)} />;
    case "moment":
      return <Field label={label} type="datetime-local" value={text} wrong={wrong} onChange={(event) => onChange(event.target.value)} />;
    case "units":
      return <Units label={label} value={Array.isArray(value) ? (value as string[]) : []} wrong={wrong} onChange={onChange} />;
    case "unit":
    case "system":
    case "class":
      return <Listed field={field} label={label} value={text} wrong={wrong} onChange={onChange} />;
    case "choice":
      return (
        <Select
          label={label}
          value={text}
          wrong={wrong}
          empty={say("choose")}
          choices={(field.choices ?? []).map((each) => [each.value, each.group ? `${each.group} · ${each.words}` : each.words] as const)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return <Field label={label} value={text} wrong={wrong} onChange={(event) => onChange(event.target.value)} />;
  }
}

function Listed({ field, label, value, wrong, onChange }: { field: FieldView; label: string; value: string; wrong: string | null; onChange: (value: Value) => void }) {
  const say = work.use();
  const lists = useLists().data;
  const known = field.choices?.length ? field.choices : field.takes === "unit" ? lists?.units : field.takes === "system" ? lists?.systems : lists?.classes;
  return (
    <Select
      label={label}
      value={value}
      wrong={wrong}
      empty={say("choose")}
      choices={(known ?? []).map((each) => [each.value, each.words] as const)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Several units: found by typing, ticked by touch. */
function Units({ label, value, wrong, onChange }: { label: string; value: string[]; wrong: string | null; onChange: (value: Value) => void }) {
  const say = work.use();
  const id = useId();
  const [asked, setAsked] = useState("");
  const units = useLists().data?.units ?? [];
  const shown = units.filter((unit) => value.includes(unit.value) || unit.words.toLowerCase().includes(asked.trim().toLowerCase()));
  return (
    <fieldset className={css.units} aria-describedby={wrong ? id : undefined}>
      <legend>
        {label} {value.length > 0 && <b>{say("chosen", { n: value.length })}</b>}
      </legend>
      <Field label={say("find")} type="search" value={asked} onChange={(event) => setAsked(event.target.value)} />
      <div className={css.ticks}>
        {shown.map((unit) => (
          <label key={unit.value} className={css.check}>
            <input
              type="checkbox"
              checked={value.includes(unit.value)}
              onChange={(event) => onChange(event.target.checked ? [...value, unit.value] : value.filter((each) => each !== unit.value))}
            />{" "}
            {unit.words}
          </label>
        ))}
      </div>
      {wrong && (
        <span id={id} className={css.wrong} role="alert">
          {wrong}
        </span>
      )}
    </fieldset>
  );
}
