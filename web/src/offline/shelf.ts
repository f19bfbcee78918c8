/** The shelf: a small thing kept under a name (codes of one's own reports, a shift). Every tab hears when one changes. */
import { device, written } from "./db";

const channel = globalThis.BroadcastChannel ? new BroadcastChannel("cityloop.shelf") : null;
const listeners = new Set<(name: string) => void>();
channel?.addEventListener("message", ({ data }) => listeners.forEach((each) => each(String(data))));

/** Be told the name of what changed, here or in another tab. Answers how to stop. */
export function onShelfChange(listener: (name: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(name: string): void {
  channel?.postMessage(name);
  listeners.forEach((each) => each(name));
}

/** What is kept under a name. */
export async function onShelf<T>(name: string): Promise<T | undefined> {
  return (await (await device()).get("shelf", name)) as T | undefined;
}

/** Keep it. Throws `StorageFull`. */
export async function toShelf(name: string, value: unknown): Promise<void> {
  await written((db) => db.put("shelf", value, name));
  changed(name);
}

/** Change it in one step, so that two tabs lose nothing of each other; the very thing given back is no change. */
export async function changeShelf<T>(name: string, change: (before: T | undefined) => T): Promise<T> {
  let same = true;
  const now = await written(async (db) => {
    const tx = db.transaction("shelf", "readwrite");
    const before = (await tx.store.get(name)) as T | undefined;
    const after = change(before);
    same = after === before;
    if (!same) await tx.store.put(after, name);
    await tx.done;
    return after;
  });
  if (!same) changed(name);
  return now;
}
