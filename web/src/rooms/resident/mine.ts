/** One's own reports: their codes are kept on this phone, and nowhere else. */
import { useSyncExternalStore } from "react";
import { changeShelf, drop, items, onOutbox, onShelf, shared } from "@/offline";

export interface Mine {
  code: string;
  title: string;
  at: string;
  id: string; // of the item that it came from
  anew?: boolean; // "me too" about a case that was over by then
}

interface Receipt {
  tracking_code: string;
  received_at: string;
  joins?: boolean;
}

export const MINE = "mine";
export const REPORT = "report";
export const ME_TOO = "me-too";
export const VERDICT = "verdict";
const NONE: Mine[] = [];
const listeners = new Set<() => void>();

/** Take the codes of what arrived, then let the items go; in this order, so that no code is lost. */
export async function harvest(): Promise<void> {
  for (const item of await items()) {
    if (item.state !== "sent" || (item.kind !== REPORT && item.kind !== ME_TOO)) continue;
    const receipt = item.answer as Receipt | undefined;
    if (!receipt?.tracking_code) continue; // says nothing to keep, and must not stop those behind it
    await remember({ code: receipt.tracking_code, title: item.title, at: receipt.received_at, id: item.id, ...(receipt.joins === false && { anew: true }) });
    await drop(item.id);
  }
}

/** Keep a code; known ones stay as they are. */
export async function remember(mine: Mine): Promise<void> {
  await changeShelf<Mine[]>(MINE, (before = []) => (before.some((each) => each.code === mine.code) ? before : [mine, ...before]));
  listeners.forEach((each) => each());
}

/** Take a code from this phone. */
export async function forget(code: string): Promise<void> {
  await changeShelf<Mine[]>(MINE, (before = []) => before.filter((each) => each.code !== code));
  listeners.forEach((each) => each());
}

const own = shared<Mine[] | null>(
  null,
  async () => {
    await harvest().catch(() => undefined);
    return (await onShelf<Mine[]>(MINE).catch(() => undefined)) ?? [];
  },
  (heard) => {
    listeners.add(heard);
    const stop = onOutbox(heard);
    return () => {
      listeners.delete(heard);
      stop();
    };
  },
);

/** One's own reports, the newest first; what arrives meanwhile comes in. */
export function useMine(): { mine: Mine[]; known: boolean } {
  const mine = useSyncExternalStore(own.watch, own.now);
  return { mine: mine ?? NONE, known: mine !== null };
}

/** A random word by which this phone says "me too" once; nobody else knows it. */
export async function deviceWord(): Promise<string> {
  return changeShelf<string>("device", (before) => before ?? [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("-").padEnd(16, "0"));
}
