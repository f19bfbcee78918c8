/** Rows and differences in the reader's words. Pure. */
import type { SayCode } from "@/api/codes";
import { named } from "@/words/words";
import type { CellSays } from "./values";
import { column, isColumn, pack } from "./words";

const LIMIT_UNITS = ["work_day", "work_hour", "work_minute", "urgent_hour", "urgent_day", "natural_day"];
const SOURCE = /^source[._]/;
const APART = new Set(["name_zh", "name_en"]);

/** What a column is called; its own name where we have no words. */
export function columnSays(name: string): string {
  return isColumn(name) ? column.say(name) : name;
}

export interface Change {
  thing: string;
  key: string;
  name: Record<string, string>;
  how: string;
  part?: string;
  was?: string;
  now?: string;
}

/** A limit in words; anything else as it is. `4 work_hour` is 4 working hours. */
export function limitSays(said: string, code: SayCode): string {
  const [value = "", unit = ""] = said.split(" ");
  return LIMIT_UNITS.includes(unit) ? `${value} ${code(`limit.${unit}`)}` : said;
}

/** A difference: of what, which part, what was and what is. */
export function changeSays(change: Change, code: SayCode): { part: string; was: string; now: string } {
  const key = `pack.part.${change.part ?? ""}`;
  const worded = change.part ? code(key) : "";
  return {
    part: worded === key ? columnSays(change.part ?? "") : worded,
    was: limitSays(change.was ?? "", code),
    now: limitSays(change.now ?? "", code),
  };
}

/** Of the two languages in which a pack is written, those that a reader of this one wants. */
function tongues(language: string): string[] {
  return [...new Set(language.split("+").map((each) => (each === "zh" ? "zh" : "en")))];
}

/** What a row says, its key, name and source apart: the columns that hold something, in their order; a number and its unit are one. */
export function rowSays(cells: Record<string, string>, key: readonly string[], language: string, code: SayCode, says: CellSays): [column: string, said: string][] {
  const others = ["zh", "en"].filter((each) => !tongues(language).includes(each)).map((each) => `_${each}`);
  const isUnit = (name: string) => name.endsWith("_unit") && name.replace(/_unit$/, "_value") in cells;
  return Object.entries(cells)
    .filter(([name, said]) => said && !SOURCE.test(name) && !key.includes(name) && !APART.has(name) && !others.some((other) => name.endsWith(other)) && !isUnit(name))
    .map(([name, said]) => [columnSays(name), name.endsWith("_value") ? limitSays(`${said} ${cells[name.replace(/_value$/, "_unit")] ?? ""}`, code) : says(name, said)]);
}

/** Rows by the major class that they name; one group without a name where they name none. */
export function byMajor<T extends { cells: Record<string, string> }>(rows: readonly T[], language: string): [major: string, rows: T[]][] {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const major = named({ zh: row.cells.major_name_zh ?? "", en: row.cells.major_name_en ?? row.cells.major_name_zh ?? "" }, language);
    found.set(major, [...(found.get(major) ?? []), row]);
  }
  return [...found];
}

/** A version's digest as people tell it. */
export function short(digest: string): string {
  return digest.slice(0, 12);
}

/** Who acted: a name, or that it was the operator. */
export function whoSays(who: { id: string; name?: string | null } | null | undefined): string {
  if (!who) return "";
  return who.name ?? (who.id === "operator" || who.id.startsWith("machine") ? pack.say("operator") : who.id.slice(0, 8));
}
