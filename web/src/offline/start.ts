/** Registers the service worker, and sends when the network or the page comes back. */
import { flush } from "./outbox";

const EVERY_MS = 30_000;

interface WithSync extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/** To be called once by an entry that works offline. */
export function startOffline(): void {
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/worker.js").catch(() => undefined);
  const now = () => void flush(true).catch(() => undefined);
  addEventListener("online", now);
  addEventListener("pageshow", now);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
  });
  setInterval(() => void flush().catch(() => undefined), EVERY_MS);
  now();
}

/** Ask the browser to send later, though the page be closed; where it cannot, opening the page does. */
export async function sendLater(): Promise<void> {
  try {
    const registration = (await navigator.serviceWorker?.getRegistration()) as WithSync | undefined; // some shells have none
    await registration?.sync?.register("outbox");
    await navigator.storage?.persist?.(); // so that a browser short of room takes others' things first
  } catch {
    // not allowed here: the page sends when it is opened
  }
}
