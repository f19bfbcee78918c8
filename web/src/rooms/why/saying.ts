/** Findings in sentences. Pure. */
import type { Found, Why } from "./data";

export type Named = (kind: "class" | "unit" | "street", code: string) => string;
export type Say = (word: string, given?: Record<string, string | number>) => string;

export const times = (value: number | null | undefined) => (value === null || value === undefined ? "∞" : value >= 10 ? value.toFixed(0) : value.toFixed(1));
export const percent = (value: number | null | undefined) => (value === null || value === undefined ? "–" : `${Math.round(value * 100)}%`);
/** How likely chance alone does it, as people read it. */
export const chance = (p: number) => (p < 0.001 ? "<0.001" : p.toFixed(3));

/** A condition in words: class, street, part of the day, weather. */
export function condition(found: Found, named: Named, say: Say): string {
  return found.finding.condition
    .map((each) => {
      const [factor, value] = each as [string, string];
      return factor === "class" || factor === "unit" || factor === "street" ? named(factor, value) : say(`${factor}.${value}`);
    })
    .join(say("and"));
}

/** What is more frequent, by how much, and how sure that is. */
export function sentence(found: Found, named: Named, say: Say): string {
  const { finding } = found;
  const given = {
    where: condition(found, named, say), lift: times(finding.lift), low: times(finding.low), high: times(finding.high),
    together: finding.together, under: finding.under, class: finding.class_key ? named("class", finding.class_key) : "",
  };
  return say(finding.by_day ? "byDay" : `is.${finding.what}`, given);
}

/** What was looked at beside it, and whether that explains it. */
export function doubts(found: Found, say: Say): string[] {
  return (found.finding.confounders ?? [])
    .filter((each) => each.explains)
    .map((each) => say("explained", { factor: say(`factor.${each.factor}`), lift: times(each.lift) }));
}

/** Whether anything at all was found. */
export function isEmpty(why: Why): boolean {
  return [why.found, why.spots, why.clusters, why.places, why.rising, why.follows, why.wanderings].every((each) => each.length === 0);
}
