/** What a form holds and what it sends: pure, so that it can be tried without a page. */
import type { Choice, FieldOf, Form } from "./api";

export type Typed = Record<string, string>; // a list is divided by spaces, as ids have none

/** What stands in a form at first. */
export function blank(deed: Form): Typed {
  return Object.fromEntries(deed.fields.filter((each) => each.value).map((each) => [each.name, each.value ?? ""]));
}

/** Names of the fields that must still be filled. */
export function missing(deed: Form, typed: Typed): string[] {
  return deed.fields.filter((each) => each.needed && !isFilled(each, typed)).map((each) => each.name);
}

/** Whether one key is enough: nothing must be asked. */
export function atOnce(deed: Form): boolean {
  return missing(deed, blank(deed)).length === 0;
}

/** The members of the body: what is always carried, what was typed, and what goes with a choice. */
export function bodyOf(deed: Form, typed: Typed, offset: string): Record<string, unknown> {
  const said = deed.fields.flatMap((field): [string, unknown][] => {
    const text = (typed[field.name] ?? "").trim();
    if (!text || field.takes === "photos") return [];
    if (field.takes !== "choice") return [[field.name, given(field, text, offset)]];
    const chosen = choiceOf(field, text);
    return chosen ? [...Object.entries(chosen.sets ?? {}), [field.name, given(field, chosen.value, offset)]] : [];
  });
  const body: Record<string, unknown> = { ...deed.always, ...Object.fromEntries(said) };
  if (!body.length_value) delete body.length_unit;
  return body;
}

/** What a form holds for a choice: its value and what goes with it, as values may come twice; never its place, which is another's once
 * the case has changed. */
export function keyOf(choice: Choice): string {
  return [choice.value, ...Object.values(choice.sets ?? {})].join("/");
}

function choiceOf(field: FieldOf, key: string): Choice | undefined {
  return field.choices.find((each) => keyOf(each) === key);
}

/** Whether a field has what it needs; a choice that is offered no more is none. */
function isFilled(field: FieldOf, typed: Typed): boolean {
  const text = (typed[field.name] ?? "").trim();
  return field.takes === "choice" ? choiceOf(field, text) !== undefined : text !== "";
}

function given(field: FieldOf, text: string, offset: string): unknown {
  switch (field.gives) {
    case "int":
      return Number(text);
    case "bool":
      return text === "true";
    case "list":
      return text.split(" ");
    case "place": {
      const [lon, lat] = text.split(",").map(Number);
      return { lon, lat };
    }
    case "moment":
      return `${text}:00${offset}`;
    default:
      return text;
  }
}

/** The same as a form with files; `photos` are the chosen files. */
export function formOf(body: Record<string, unknown>, photos: readonly File[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, String(value));
  photos.forEach((each) => form.append("photos", each, each.name));
  return form;
}
