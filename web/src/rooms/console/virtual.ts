/** Which rows of a long list are drawn: those in sight and a few around. Pure. */

export interface Window {
  first: number;
  last: number; // one past
  above: number; // px
  below: number; // px
}

/** The rows to draw. Units: px. */
export function windowOf(count: number, row: number, top: number, height: number, around = 8): Window {
  const first = Math.max(0, Math.min(count, Math.floor(top / row) - around));
  const last = Math.min(count, Math.ceil((top + height) / row) + around);
  return { first, last: Math.max(first, last), above: first * row, below: Math.max(0, count - Math.max(first, last)) * row };
}

/** How far to scroll so that a row is in sight; null where it is. */
export function scrollTo(index: number, row: number, top: number, height: number): number | null {
  if (index * row < top) return index * row;
  if ((index + 1) * row > top + height) return (index + 1) * row - height;
  return null;
}

/** What comes up after a case has left the list: the one that took its place. */
export function nextAfter(ids: readonly string[], gone: string): string | undefined {
  const place = ids.indexOf(gone);
  if (place < 0) return ids[0];
  return ids[place + 1] ?? ids[place - 1];
}
