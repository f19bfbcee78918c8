/** What the address of the room asks, with what is usual where it says nothing. Pure. */
import { dayOf } from "@/lib/dates";

export { beside } from "@/lib/dates";

export const PERIODS = ["day", "week", "month", "quarter", "year"] as const;
export type Period = (typeof PERIODS)[number];

export interface Chosen {
  by: string;
  period: Period;
  on: string;
  compare: "" | "before" | "year";
  sheet: string;
  metric: string;
  area: string;
  class: string;
  channel: string;
  unit: string;
  sort: string;
}

function day(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** What the address asks. */
export function chosenIn(asked: Record<string, string>, now = new Date()): Chosen {
  const period = PERIODS.find((each) => each === asked.period) ?? "month";
  const compare = asked.compare === "year" || asked.compare === "none" ? asked.compare : "before";
  return {
    by: asked.by ?? "unit",
    period,
    on: /^\d{4}-\d\d-\d\d$/.test(asked.on ?? "") ? (asked.on ?? "") : dayOf(now), // of the city: at its midnight a reader elsewhere is still in yesterday
    compare: compare === "none" ? "" : compare,
    sheet: asked.sheet ?? "overview",
    metric: asked.metric ?? "handled_on_time",
    area: asked.area ?? "",
    class: asked.class ?? "",
    channel: asked.channel ?? "",
    unit: asked.unit ?? "",
    sort: asked.sort ?? "",
  };
}

/** The question to the server. */
export function question(chosen: Chosen): Record<string, string> {
  const said = { by: chosen.by, period: chosen.period, on: chosen.on, area: chosen.area, class: chosen.class, channel: chosen.channel, unit: chosen.unit };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value));
}

/** The days of a course over time that ends with a period: enough points to see one. */
export function courseOf(last: string, period: Period): { from: string; to: string; every: Period } {
  const end = new Date(`${last}T00:00:00`);
  const from = new Date(end);
  const back: Record<Period, () => void> = {
    day: () => from.setDate(from.getDate() - 27),
    week: () => from.setDate(from.getDate() - 7 * 12 + 1),
    month: () => from.setMonth(from.getMonth() - 11, 1),
    quarter: () => from.setMonth(from.getMonth() - 23, 1),
    year: () => from.setFullYear(from.getFullYear() - 4, 0, 1),
  };
  back[period]();
  return { from: day(from), to: last, every: period };
}
