/** The clock of the page: goes on twice a minute, so that lamps and spans do. */
import { useSyncExternalStore } from "react";

const EVERY_MS = 30_000;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, EVERY_MS);
  return () => clearInterval(timer);
}

/** The moment, watched. Units: ms. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
