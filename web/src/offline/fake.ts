/** A device in memory, for tests: what of the real one is used, and no more. `full` leaves no room for anything. */
type Store = "outbox" | "draft" | "shelf";

export class StorageFull extends Error {}
export const fake = { full: false, stores: empty() };

function empty(): Record<Store, Map<string, unknown>> {
  return { outbox: new Map(), draft: new Map(), shelf: new Map() };
}

/** A new phone. */
export function reset(): void {
  fake.full = false;
  fake.stores = empty();
}

function storeOf(name: Store) {
  return {
    get: async (key: string) => structuredClone(fake.stores[name].get(key)),
    getAll: async () => [...fake.stores[name].values()].map((each) => structuredClone(each)),
    put: async (value: unknown, key?: string) => {
      if (fake.full) throw new StorageFull();
      const own = value as { id?: string; key?: string };
      fake.stores[name].set(key ?? (name === "outbox" ? own.id : own.key) ?? "", structuredClone(value));
    },
    delete: async (key: string) => void fake.stores[name].delete(key),
  };
}

const db = {
  get: (store: Store, key: string) => storeOf(store).get(key),
  getAll: (store: Store) => storeOf(store).getAll(),
  put: (store: Store, value: unknown, key?: string) => storeOf(store).put(value, key),
  delete: (store: Store, key: string) => storeOf(store).delete(key),
  transaction: (names: Store | Store[]) => ({ store: storeOf([names].flat()[0] ?? "shelf"), objectStore: storeOf, done: Promise.resolve() }),
};

export const device = async () => db;
let last: Promise<unknown> = Promise.resolve();

/** One after the other, as transactions are. */
export function written<T>(deed: (on: typeof db) => Promise<T>): Promise<T> {
  const mine = last.then(() => deed(db));
  last = mine.catch(() => undefined);
  return mine;
}
