/** One sender at a time, over all tabs and the service worker: by the browser's locks, else by a lease on the shelf. */
import { written } from "./db";

const NAME = "cityloop.outbox";
const LEASE_MS = 90_000; // renewed while its holder is at it

interface Lease {
  holder: string;
  until: number;
}

/** Do it unless somebody is at it; answers whether it was done. */
export async function alone(deed: (renew: () => Promise<boolean>) => Promise<void>): Promise<boolean> {
  if (globalThis.navigator?.locks)
    return navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock) await deed(() => Promise.resolve(true));
      return lock !== null;
    });
  const holder = crypto.getRandomValues(new Uint32Array(4)).join("-");
  if (!(await taken(holder))) return false;
  const renewing = setInterval(() => void taken(holder).catch(() => undefined), LEASE_MS / 3);
  try {
    await deed(() => taken(holder));
  } finally {
    clearInterval(renewing);
    await given(holder);
  }
  return true;
}

async function taken(holder: string): Promise<boolean> {
  return written(async (db) => {
    const tx = db.transaction("shelf", "readwrite");
    const held = (await tx.store.get(NAME)) as Lease | undefined;
    const free = !held || held.holder === holder || held.until < Date.now();
    if (free) await tx.store.put({ holder, until: Date.now() + LEASE_MS } satisfies Lease, NAME);
    await tx.done;
    return free;
  });
}

async function given(holder: string): Promise<void> {
  await written(async (db) => {
    const tx = db.transaction("shelf", "readwrite");
    const held = (await tx.store.get(NAME)) as Lease | undefined;
    if (held?.holder === holder) await tx.store.delete(NAME);
    await tx.done;
  });
}
