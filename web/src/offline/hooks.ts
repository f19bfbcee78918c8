/** Outbox and drafts for React. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type Change, formOf, type Later, type Standing, type Step } from "./form";
import { flush, items, onOutbox } from "./outbox";
import type { Item } from "./rules";
import { shared } from "./shared";

const outbox = shared<Item[]>([], () => items(), onOutbox);

/** What the outbox holds of a kind, watched. */
export function useOutbox(kind?: string): Item[] {
  const all = useSyncExternalStore(outbox.watch, outbox.now);
  return useMemo(() => (kind ? all.filter((each) => each.kind === kind) : all), [all, kind]);
}

function onLine(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** Whether the browser believes that there is a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(onLine, () => navigator.onLine);
}

export interface DraftIn<T> extends Standing<T> {
  change: (what: Later<Change<T>>) => void;
  step: <K extends keyof T>(name: K, how: Later<Step<T[K]>>) => void;
  replace: (value: T) => Promise<void>;
  clear: () => void;
}

/** A form that is kept at every change and comes back when the page is opened again. */
export function useDraft<T extends object>(key: string, empty: T): DraftIn<T> {
  const form = formOf(key, empty);
  const { change, step, replace, clear } = form;
  return { ...useSyncExternalStore(form.watch, form.standing), change, step, replace, clear };
}

/** What waits for somebody to sign in goes as soon as they have, not with the next round. */
export function useSendOnceIn(account: string | undefined): void {
  useEffect(() => {
    if (account) void flush(true).catch(() => undefined);
  }, [account]);
}

/** On the first visit the worker comes after the first answers: ask once more, so that they are kept. */
export function useFirstKeep(ask: () => void): void {
  useEffect(() => {
    const workers = navigator.serviceWorker;
    if (!workers || workers.controller) return undefined;
    workers.addEventListener("controllerchange", ask, { once: true });
    return () => workers.removeEventListener("controllerchange", ask);
    // once for a page
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
}
