/** What is being filled in: kept at every change, there again when the page is opened again. */
import { device, type Draft, written } from "./db";

// The database answers later than a page may live: what is typed is jotted down at once and lies there until it is kept.
const JOT = "cityloop.draft:";

/** Keep it. Throws `StorageFull`, and then the one kept before is as it was. */
export async function keepDraft(key: string, value: unknown): Promise<void> {
  const draft: Draft = { key, value, kept_at: Date.now() };
  await written((db) => db.put("draft", draft));
}

/** The one that was kept, and over it what was jotted down and could not be kept any more. */
export async function draftOf<T extends object>(key: string): Promise<T | undefined> {
  const kept = (await (await device()).get("draft", key))?.value as T | undefined;
  const jot = jotted(key);
  return kept || jot ? ({ ...kept, ...jot } as T) : undefined;
}

/** Whether something was jotted down that the database may not have. */
export function isJotted(key: string): boolean {
  return jotted(key) !== undefined;
}

const times = new Map<string, number>();

/** How often the outbox has taken a draft on this page. */
export function taken(key: string): number {
  return times.get(key) ?? 0;
}

/** The outbox takes it: a form that hears only now what was kept of it keeps it no more. */
export function take(key: string): void {
  times.set(key, taken(key) + 1);
}

/** Throw it away. */
export async function dropDraft(key: string): Promise<void> {
  unjot(key);
  await written((db) => db.delete("draft", key));
}

/** Write down at once what was changed: words and places; a list may hold photos, which only the database can keep. Answers
 * whether it could be. */
export function jotDown(key: string, changed: object): boolean {
  const words = Object.fromEntries(Object.entries(changed).filter(([, value]) => !Array.isArray(value)));
  try {
    localStorage.setItem(JOT + key, JSON.stringify(words));
    return true;
  } catch {
    return false; // a browser that keeps nothing, or has no room: the database says so
  }
}

/** The database has it. */
export function unjot(key: string): void {
  try {
    localStorage.removeItem(JOT + key);
  } catch {
    // nothing was jotted down either
  }
}

function jotted(key: string): object | undefined {
  try {
    return (JSON.parse(localStorage.getItem(JOT + key) ?? "null") as object | null) ?? undefined;
  } catch {
    return undefined;
  }
}
