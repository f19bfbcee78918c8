/** Pure: which kept answers are let go. They tell where somebody was and what they looked at: a few, and not for ever. */

export interface KeptAnswer {
  address: string;
  at: number; // when it was kept
}

export const MOST = 24; // of one kind: places, cases, days
export const LONGEST_MS = 30 * 24 * 60 * 60_000;

/** Addresses are of one kind that differ only in numbers, in whose they are and in what they ask. */
export function kindOf(address: string): string {
  return new URL(address).pathname
    .split("/")
    .map((part, n) => (n > 1 && /\d/.test(part) ? "*" : part))
    .join("/");
}

/** Those to let go. The newest of each kind stays, however old: it is what a page shows without a network. */
export function outdated<T extends KeptAnswer>(kept: readonly T[], now: number): T[] {
  const seen = new Map<string, number>();
  return [...kept]
    .sort((one, other) => other.at - one.at)
    .filter(({ address, at }) => {
      const kind = kindOf(address);
      const newer = seen.get(kind) ?? 0;
      seen.set(kind, newer + 1);
      return newer >= MOST || (newer > 0 && now - at > LONGEST_MS);
    });
}
