/** Pure: from what was filled in to what is sent; and what of it is missing. */
import type { Body, Part } from "@/offline";
import type { DeedView, FieldView } from "./data";

export interface Picture {
  bytes: ArrayBuffer;
  type: string;
  name: string;
}
export type Value = string | string[] | boolean | Picture[];
export type Filled = Record<string, Value>;

const PROOF = ["note", "photos"];
const WORDS_LEAST = 8; // as the server asks where there is no photo

/** What stands in a form at first. */
export function blank(deed: DeedView): Filled {
  return Object.fromEntries(deed.fields.map((field) => [field.name, first(field)]));
}

function first(field: FieldView): Value {
  if (field.gives === "files") return [];
  if (field.gives === "list") return [];
  if (field.gives === "bool" && field.takes === "flag") return false;
  return field.value ?? "";
}

/** Whether nothing was filled in. */
export function empty(value: Value | undefined): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** The fields that are missing, by name; "proof" where a finished work shows nothing. */
export function missing(deed: DeedView, filled: Filled): string[] {
  const found = deed.fields.filter((field) => field.needed && field.takes !== "flag" && empty(filled[field.name]));
  const names = found.map((field) => field.name);
  if (proves(deed) && PROOF.every((name) => saysNothing(filled[name]))) names.push("proof");
  return names;
}

/** Whether a deed shows what was done: by words or by photos, one of them. */
export function proves(deed: DeedView): boolean {
  return deed.name === "finish" || deed.name === "finish_assist";
}

function saysNothing(value: Value | undefined): boolean {
  return empty(value) || (typeof value === "string" && value.trim().length < WORDS_LEAST);
}

/** The body of the request. `offset` is that of the city's clock, for moments: +0800. */
export function bodyOf(deed: DeedView, filled: Filled, offset: string): Body {
  const sets = deed.fields.flatMap((field) => {
    const chosen = field.choices?.find((each) => each.value === filled[field.name]);
    return Object.entries(chosen?.sets ?? {});
  });
  const always = { ...deed.always, ...Object.fromEntries(sets) };
  const given = deed.fields.filter((field) => !empty(filled[field.name]));
  if (deed.media === "multipart/form-data") {
    const parts: Part[] = Object.entries(always).map(([name, value]) => ({ name, value: String(value) }));
    for (const field of given) parts.push(...partsOf(field, filled[field.name] as Value, offset));
    return { form: parts };
  }
  const said = given.map((field) => [field.name, plain(field, filled[field.name] as Value, offset)]);
  const json: Record<string, unknown> = { ...always, ...Object.fromEntries(said) };
  return deed.fields.length === 0 && Object.keys(json).length === 0 ? null : { json };
}

function partsOf(field: FieldView, value: Value, offset: string): Part[] {
  if (Array.isArray(value) && field.gives === "files") return picturesOf(field.name, value as Picture[]);
  if (Array.isArray(value)) return (value as string[]).map((each) => ({ name: field.name, value: each }));
  return [{ name: field.name, value: String(plain(field, value, offset)) }];
}

/** Photos as parts of a form. */
export function picturesOf(name: string, pictures: readonly Picture[]): Part[] {
  return pictures.map((each) => ({ name, bytes: each.bytes, type: each.type, file: each.name }));
}

function plain(field: FieldView, value: Value, offset: string): unknown {
  if (field.gives === "int") return Number(value);
  if (field.gives === "bool") return value === true || value === "true";
  if (field.gives === "moment") return `${String(value)}:00${offset.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")}`;
  return typeof value === "string" ? value.trim() : value;
}
