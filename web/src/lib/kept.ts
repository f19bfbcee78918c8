/** What a browser keeps of somebody: answers, for when there is no network; what was typed on this tab; that they are leaving. */

/** Throw it away: somebody signs out. What belongs to nobody (`kept.`) stays, and what waits to be sent. */
export async function forgetKept(): Promise<void> {
  globalThis.sessionStorage?.clear(); // what was typed on the console and not sent: the next one here is somebody else
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) if (name.startsWith("kept.") && name !== "kept.") await caches.delete(name);
}

const LEAVING = "cityloop.leaving";

/** Whether somebody has left while there was no network: the city must still be told, before anything is asked in their name. */
export function isLeaving(): boolean {
  return globalThis.localStorage?.getItem(LEAVING) === "1";
}

/** Note that the city must be told, or that it was. */
export function leaving(owed: boolean): void {
  if (owed) globalThis.localStorage?.setItem(LEAVING, "1");
  else globalThis.localStorage?.removeItem(LEAVING);
}
