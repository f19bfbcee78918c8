/** Deeds on their way: they belong to the room, not to the case beside the queue, which may be another one when the answer comes. */
import { useSyncExternalStore } from "react";

export interface Send {
  case: string;
  title: string;
  deed: { name: string; label: string };
  key: string; // the same until it is done, so that a second sending is the same request
  state: "under_way" | "failed";
  error: unknown; // why it failed
}

type Begun = Pick<Send, "case" | "title" | "deed"> & { key?: string };

/** What is sent, one deed a case; what was done is forgotten, what failed stays until it is tried again or put aside. */
export class Sends {
  #all: readonly Send[] = [];
  readonly #listeners = new Set<() => void>();

  /** All, the latest last. */
  readonly all = (): readonly Send[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begin; null where a deed of the case is under way already. Tried again without a key of its own, a deed keeps the one it had. */
  begin({ key, ...asked }: Begun): Send | null {
    const before = this.#of(asked.case);
    if (before?.state === "under_way") return null;
    const kept = before?.deed.name === asked.deed.name ? before.key : undefined;
    const send: Send = { ...asked, key: key ?? kept ?? crypto.randomUUID(), state: "under_way", error: null };
    this.#put([...this.#without(asked.case), send]);
    return send;
  }

  done(of: string): void {
    this.#put(this.#without(of));
  }

  failed(of: string, error: unknown): void {
    this.#put(this.#all.map((each): Send => (each.case === of ? { ...each, state: "failed", error } : each)));
  }

  /** Put a failure aside; what is under way stays. */
  forget(of: string): void {
    if (this.#of(of)?.state === "failed") this.done(of);
  }

  #of(id: string): Send | undefined {
    return this.#all.find((each) => each.case === id);
  }

  #without(id: string): readonly Send[] {
    return this.#all.filter((each) => each.case !== id);
  }

  #put(all: readonly Send[]): void {
    this.#all = all;
    this.#listeners.forEach((each) => each());
  }
}

export const sends = new Sends();

/** What is sent, as it stands. */
export function useSends(): readonly Send[] {
  return useSyncExternalStore(sends.subscribe, sends.all);
}
