/** What the service worker keeps of somebody's answers, for when there is no network. */

/** Throw it away: somebody signs out. What belongs to nobody (`kept.`) stays. */
export async function forgetKept(): Promise<void> {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) if (name.startsWith("kept.") && name !== "kept.") await caches.delete(name);
}
