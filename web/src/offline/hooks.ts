/** Outbox and drafts for React. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { StorageFull } from "./db";
import { draftOf, dropDraft, keepDraft } from "./drafts";
import { items, onOutbox } from "./outbox";
import type { Item } from "./rules";

/** What the outbox holds of a kind, watched. */
export function useOutbox(kind?: string): Item[] {
  const [found, setFound] = useState<Item[]>([]);
  useEffect(() => {
    let gone = false;
    const look = () =>
      void items(kind)
        .then((each) => !gone && setFound(each))
        .catch(() => undefined);
    look();
    const stop = onOutbox(look);
    return () => {
      gone = true;
      stop();
    };
  }, [kind]);
  return found;
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

  useEffect(() => {
    let gone = false;
    void draftOf<T>(key)
      .then((kept) => {
        if (gone || !kept) return;
        latest.current = { ...blank.current, ...kept };
        setValue(latest.current);
      })
      .catch(() => undefined)
      .finally(() => !gone && setKnown(true));
    return () => {
      gone = true;
    };
  }, [key]);

  const change = useCallback(
    (part: Partial<T>) => {
      latest.current = { ...latest.current, ...part };
      setValue(latest.current);
      keepDraft(key, latest.current).then(
        () => setFull(false),
        (error: unknown) => setFull(error instanceof StorageFull),
      );
    },
    [key],
  );

  const clear = useCallback(() => {
    latest.current = blank.current;
    setValue(latest.current);
    setFull(false);
    void dropDraft(key).catch(() => undefined);
  }, [key]);

  return { value, known, full, change, clear };
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
