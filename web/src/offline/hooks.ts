/** Outbox and drafts for React. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { StorageFull } from "./db";
import { draftOf, dropDraft, isJotted, jotDown, keepDraft, taken, unjot } from "./drafts";
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

export interface DraftIn<T> {
  value: T;
  known: boolean; // what was kept has been looked for
  full: boolean; // the device has no room: the last changes live in this page only
  change: (change: Partial<T>) => void;
  clear: () => void;
}

/** A form that is kept at every change and comes back when the page is opened again. */
export function useDraft<T extends object>(key: string, empty: T): DraftIn<T> {
  const [value, setValue] = useState(empty);
  const [known, setKnown] = useState(false);
  const [full, setFull] = useState(false);
  const latest = useRef(value);
  const blank = useRef(empty);
  const typed = useRef<Partial<T> | null>(null); // on this page; null: nothing yet
  const looked = useRef(false);

  const keep = useCallback(
    (now: T) =>
      void keepDraft(key, now).then(
        () => {
          if (latest.current === now) unjot(key);
          setFull(false);
        },
        (error: unknown) => setFull(error instanceof StorageFull),
      ),
    [key],
  );

  useEffect(() => {
    let gone = false;
    const before = taken(key);
    [typed.current, looked.current] = [null, false];
    void draftOf<T>(key)
      .catch(() => undefined)
      .then((kept) => {
        if (gone) return;
        looked.current = true;
        if (kept) {
          latest.current = { ...blank.current, ...kept, ...typed.current };
          setValue(latest.current);
        }
        if ((typed.current || isJotted(key)) && taken(key) === before) keep(latest.current);
        setKnown(true);
      });
    return () => {
      gone = true;
    };
  }, [key, keep]);

  const change = useCallback(
    (part: Partial<T>) => {
      latest.current = { ...latest.current, ...part };
      typed.current = { ...typed.current, ...part };
      setValue(latest.current);
      jotDown(key, typed.current);
      if (looked.current) keep(latest.current); // else once it is known what lies there
    },
    [key, keep],
  );

  const clear = useCallback(() => {
    latest.current = blank.current;
    typed.current = null;
    setValue(latest.current);
    setFull(false);
    void dropDraft(key).catch(() => undefined);
  }, [key]);

  return { value, known, full, change, clear };
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
