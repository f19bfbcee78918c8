/** Moments and spans in the reader's words. */
import { both } from "@/words/words";

let zone: string | undefined; // the city's; the reader's own until it is known
let writer: Intl.DateTimeFormat | undefined;

/** Tell moments by the city's clock from now on, wherever the reader sits. */
export function keepZone(name: string): void {
  if (name === zone) return;
  zone = name;
  writer = undefined;
}

function parts(at: Date): Record<string, string> {
  writer ??= new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(writer.formatToParts(at).map((each) => [each.type, each.value]));
}

/** `11-26 14:05` by the city's clock, with the year where it is another. */
export function moment(iso: string, now = new Date()): string {
  const at = parts(new Date(iso));
  const year = at.year === parts(now).year ? "" : `${at.year}-`;
  return `${year}${at.month}-${at.day} ${at.hour}:${at.minute}`;
}

/** `14:05` by the city's clock. */
export function timeOf(iso: string): string {
  const { hour, minute } = parts(new Date(iso));
  return `${hour}:${minute}`;
}

/** `2026-11-26`: the day on the city's calendar. */
export function dayOf(at: Date): string {
  const { year, month, day } = parts(at);
  return `${year}-${month}-${day}`;
}

const DAY_MS = 86_400_000;

/** The day on the city's calendar so many days after a moment, before it where there are fewer than none. */
export function dayAfter(days: number, from = Date.now()): string {
  return dayOf(new Date(from + days * DAY_MS));
}

/** `2小时` or `2 h`: the largest unit that says enough. Units: minutes. */
export function span(minutes: number, language: string): string {
  const [value, zh, en] = largest(Math.abs(minutes));
  return both(language, (each) => (each === "zh" ? `${value}${zh}` : `${value} ${en}`));
}

function largest(minutes: number): [number, string, string] {
  if (minutes < 60) return [Math.round(minutes), "分钟", "min"];
  if (minutes < 60 * 48) return [Math.round(minutes / 60), "小时", "h"];
  return [Math.round(minutes / 60 / 24), "天", "d"];
}

/** Minutes from now until a moment; negative when it has passed. */
export function minutesUntil(iso: string, now = Date.now()): number {
  return (new Date(iso).getTime() - now) / 60_000;
}

/** A day of the period before or after the one from first to last. */
export function beside(first: string, last: string, way: -1 | 1): string {
  const at = new Date(`${way < 0 ? first : last}T00:00:00`);
  at.setDate(at.getDate() + way);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
