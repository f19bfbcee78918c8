/** The fields of a deed's form, each by what it takes. */
import { Field, Select, TextArea } from "@/ui/ui";
import type { Choice, FieldOf, Lists } from "./api";
import { CasePick } from "./CasePick";
import css from "./console.module.css";
import { keyOf } from "./forms";
import { room } from "./words";

interface OneProps {
  field: FieldOf;
  lists: Lists | undefined;
  value: string;
  onType: (value: string) => void;
  wrong: string | null;
  photos: readonly File[];
  onPhotos: (files: File[]) => void;
}

/** One field, by what it takes. */
export function One({ field, lists, value, onType, wrong, photos, onPhotos }: OneProps) {
  const say = room.use();
  const common = { label: field.label, wrong, name: field.name, value, required: field.needed };
  switch (field.takes) {
    case "choice":
      return <Chosen {...common} choices={field.choices.map((each) => ({ ...each, value: keyOf(each) }))} onType={onType} />;
    case "class":
      return <Chosen {...common} choices={lists?.classes ?? []} onType={onType} />;
    case "unit":
      return <Chosen {...common} choices={unitsOf(field, lists, say("taken"))} onType={onType} />;
    case "system":
      return <Chosen {...common} choices={lists?.systems ?? []} onType={onType} />;
    case "case":
      return <CasePick {...common} onType={onType} />;
    case "units":
      return <Several field={field} choices={lists?.units ?? []} value={value} onType={onType} wrong={wrong} />;
    case "words":
    case "note":
      return <TextArea {...common} maxLength={2000} rows={2} onChange={(event) => onType(event.target.value)} />;
    case "flag":
      return (
        <label className={css.check}>
          <input type="checkbox" name={field.name} checked={value === "true"} onChange={(event) => onType(event.target.checked ? "true" : "")} /> {field.label}
        </label>
      );
    case "photos":
      return (
        <label className={css.check}>
          <span>{field.label}</span>
          <input type="file" name={field.name} accept="image/*" multiple onChange={(event) => onPhotos([...(event.target.files ?? [])])} />
          {photos.length > 0 && <span>{say("files", { count: photos.length })}</span>}
        </label>
      );
    case "moment":
      return <Field {...common} type="datetime-local" onChange={(event) => onType(event.target.value)} />;
    default:
      return <Field {...common} inputMode={field.takes === "number" ? "numeric" : undefined} onChange={(event) => onType(event.target.value)} />;
  }
}

/** The proposed units first, then all. */
function unitsOf(field: FieldOf, lists: Lists | undefined, proposed: string): Choice[] {
  const first = field.choices.map((each) => ({ ...each, group: proposed }));
  const known = new Set(first.map((each) => each.value));
  return [...first, ...(lists?.units ?? []).filter((each) => !known.has(each.value)).map((each) => ({ ...each, group: first.length > 0 ? "…" : null }))];
}

function Chosen({ choices, onType, ...rest }: { label: string; wrong: string | null; name: string; value: string; required: boolean; choices: readonly Choice[]; onType: (value: string) => void }) {
  const say = room.use();
  return <Select {...rest} empty={say("chooseOne")} choices={choices.map((each) => [each.value, each.words, each.group] as const)} onChange={(event) => onType(event.target.value)} />;
}

/** One or more of many. */
function Several({ field, choices, value, onType, wrong }: { field: FieldOf; choices: readonly Choice[]; value: string; onType: (value: string) => void; wrong: string | null }) {
  const chosen = value.split(" ").filter(Boolean);
  const flip = (id: string) => onType((chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]).join(" "));
  return (
    <fieldset className={css.several}>
      <legend>{field.label}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.value} className={css.check}>
            <input type="checkbox" name={field.name} checked={chosen.includes(choice.value)} onChange={() => flip(choice.value)} /> {choice.words}
          </label>
        ))}
      </div>
      {wrong && (
        <span className={css.wrong} role="alert">
          {wrong}
        </span>
      )}
    </fieldset>
  );
}
