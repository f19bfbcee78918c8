/** What a cell of a table says in the reader's words: names for codes, hours for expressions; what has no words stays as it is. Pure. */
import type { SayCode } from "@/api/codes";
import { named } from "@/words/words";
import { isValue, value } from "./words";

export type Named = Record<string, Record<string, string>>;
/** Names by code, in the version in force. */
export interface Names {
  classes: Named;
  majors: Named;
  units: Named;
  roles: Named;
  areas: readonly { code: string; name: Record<string, string> }[];
}
export interface Reader {
  code: SayCode;
  language: string;
  names: Names | undefined;
}
export type CellSays = (column: string, said: string) => string;

/** Of a column, under which codes its values have words. */
const CODES: Record<string, string> = {
  unit_kind: "unit_kind.",
  assist: "unit_kind.",
  level: "level.",
  channel: "channel.",
  ways: "way.",
  lapse: "approval.outcome.",
  state: "component.state.",
  request_kind: "order.request_kind.",
  urgency: "urgency.",
};
/** A kind is of a unit, of a request, of a day: whichever has the word. */
const KINDS = ["unit_kind.", "approval.kind."];

/** The saying of one reader. */
export function cellSaying({ code, language, names }: Reader): CellSays {
  const areas = new Map(names?.areas.map((each) => [each.code, each.name]));
  const worded = (key: string) => (code(key) === key ? "" : code(key));
  const one = (column: string, said: string): string => {
    const prefixes = column === "kind" ? KINDS : [CODES[column]];
    const by = prefixes.map((prefix) => prefix && worded(`${prefix}${said}`)).find(Boolean);
    if (by) return by;
    const of = names?.classes[said] ?? names?.majors[said] ?? names?.roles[said] ?? names?.units[said] ?? areas.get(said);
    return (of && named(of, language)) || (isValue(said) ? value.say(said) : said);
  };
  return (column, said) => {
    if (said === "true") return "✓";
    if (column === "hour") return hours(said);
    const parts = said.includes('"') ? quoted(said) : said.split("|");
    return parts.map((part) => one(column, part)).join(value.say("between"));
  };
}

/** The words in quotes of an expression; the expression itself where it is another. `["a", "b"]` is a and b. */
function quoted(said: string): string[] {
  const words = [...said.matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? "");
  return said.replace(/"[^"]*"/g, "").replace(/[[\],\s]/g, "") === "" ? words : [said];
}

/** Hours of the day: `[7..18]` is 7:00–19:00, as 18 is the hour that ends then. */
export function hours(said: string): string {
  const span = /^\[(\d+)\.\.(\d+)\]$/.exec(said);
  if (span) return `${span[1]}:00–${Number(span[2]) + 1}:00`;
  const night = /^< (\d+) or >= (\d+)$/.exec(said);
  return night ? `${night[2]}:00–${night[1]}:00` : said;
}
