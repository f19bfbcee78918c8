/** What lies on the shelf under a name, watched: every tab shows the same. */
import { useCallback, useEffect, useRef, useState } from "react";
import { onShelf, onShelfChange, toShelf } from "./shelf";

/** `keep` holds at once on this page, also where the device has no room: then it throws `StorageFull`. */
export function useShelf<T>(name: string): { value: T | undefined; known: boolean; keep: (next: T) => Promise<void> } {
  const [found, setFound] = useState<{ name: string; value?: T } | null>(null);
  const latest = useRef(0); // an answer that was asked for before something newer was kept is none

  useEffect(() => {
    let gone = false;
    const look = () => {
      const mine = ++latest.current;
      void onShelf<T>(name)
        .catch(() => undefined)
        .then((value) => !gone && mine === latest.current && setFound({ name, value }));
    };
    look();
    const stop = onShelfChange((changed) => changed === name && look());
    return () => {
      gone = true;
      stop();
    };
  }, [name]);

  const keep = useCallback(
    async (next: T) => {
      latest.current += 1;
      setFound({ name, value: next });
      await toShelf(name, next);
    },
    [name],
  );
  const here = found?.name === name ? found : null;
  return { value: here?.value, known: here !== null, keep };
}
