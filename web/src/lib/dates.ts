/** Moments and spans in the reader's words. */

/** `11-26 14:05`, with the year where it is another. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const year = at.getFullYear() === now.getFullYear() ? "" : `${at.getFullYear()}-`;
  return `${year}${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `2小时` or `2 h`: the largest unit that says enough. Units: minutes. */
export function span(minutes: number, language: string): string {
  const [value, zh, en] = largest(Math.abs(minutes));
  return language.startsWith("zh") ? `${value}${zh}` : `${value} ${en}`;
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
