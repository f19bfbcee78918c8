/** The one database on the device. Photos lie in it as bytes: some browsers lose blobs. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Item } from "./rules";

export interface Draft {
  key: string;
  value: unknown;
  kept_at: number;
}

interface Shelves extends DBSchema {
  outbox: { key: string; value: Item };
  draft: { key: string; value: Draft };
  shelf: { key: string; value: unknown };
}

export type Device = IDBPDatabase<Shelves>;
const NAME = "cityloop";
const VERSION = 1;
let opened: Promise<Device> | undefined;

/** No room is left: what was to be kept is not, and everything that was kept before is as it was. */
export class StorageFull extends Error {
  constructor() {
    super("the device has no room left");
    this.name = "StorageFull";
  }
}

/** The database, opened once. */
export function device(): Promise<Device> {
  opened ??= openDB<Shelves>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "id" });
      db.createObjectStore("draft", { keyPath: "key" });
      db.createObjectStore("shelf");
    },
    blocking() {
      // a newer page wants to change it: let go, so that it may
      void opened?.then((db) => db.close());
      opened = undefined;
    },
    terminated() {
      opened = undefined;
    },
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** Do something that writes; a device without room says so in one way. */
export async function written<T>(deed: (db: Device) => Promise<T>): Promise<T> {
  try {
    return await deed(await device());
  } catch (error) {
    throw isFull(error) ? new StorageFull() : error;
  }
}

function isFull(error: unknown): boolean {
  const name = (error as { name?: string } | null)?.name ?? "";
  const inner = (error as { error?: { name?: string } } | null)?.error?.name ?? "";
  return [name, inner].some((each) => each === "QuotaExceededError" || each === "NS_ERROR_DOM_QUOTA_REACHED");
}
