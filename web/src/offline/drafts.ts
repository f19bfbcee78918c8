/** What is being filled in: kept at every change, there again when the page is opened again. */
import { device, type Draft, written } from "./db";

/** Keep it. Throws `StorageFull`, and then the one kept before is as it was. */
export async function keepDraft(key: string, value: unknown): Promise<void> {
  const draft: Draft = { key, value, kept_at: Date.now() };
  await written((db) => db.put("draft", draft));
}

/** The one that was kept. */
export async function draftOf<T>(key: string): Promise<T | undefined> {
  return (await (await device()).get("draft", key))?.value as T | undefined;
}

/** Throw it away. */
export async function dropDraft(key: string): Promise<void> {
  await written((db) => db.delete("draft", key));
}
