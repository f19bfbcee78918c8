/** Something that lies on the device, read once for a page however many parts of it look, and again when it has changed. */

export interface Shared<T> {
  watch: (looker: () => void) => () => void;
  now: () => T;
}

/** `first`: until it was read. A reading that fails leaves what was there. `changes`: be told of one; answers how to stop. */
export function shared<T>(first: T, read: () => Promise<T>, changes: (heard: () => void) => () => void): Shared<T> {
  const lookers = new Set<() => void>();
  let found = first;
  let stop: (() => void) | null = null;
  let reading = false;
  let stale = false;

  const look = async (): Promise<void> => {
    stale = true;
    if (reading) return;
    reading = true;
    while (stale) {
      stale = false;
      const now = await read().catch(() => found);
      if (stop) found = now;
      lookers.forEach((each) => each());
    }
    reading = false;
  };
  const rest = () => {
    if (lookers.size > 0) return;
    stop?.();
    [stop, found] = [null, first]; // whoever looks next is shown nothing old
  };
  return {
    now: () => found,
    watch(looker) {
      lookers.add(looker);
      if (!stop) {
        stop = changes(() => void look());
        void look();
      }
      return () => {
        lookers.delete(looker);
        setTimeout(rest); // the next page may look at it as well
      };
    },
  };
}
