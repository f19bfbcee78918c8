/** Pure: how far things are, in which order they stand, and what of them is done already and only waits to be sent. */
import type { Item } from "@/offline";
import type { DeedView, WorkItem } from "./data";

export interface Spot {
  lon: number;
  lat: number;
  error_m: number;
}
export type Order = "clock" | "way";

const RADIUS_M = 6_371_008;
const RAD = Math.PI / 180;

/** Metres along the ground. */
export function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const half = (x: number) => Math.sin(x / 2) ** 2;
  const h = half((b.lat - a.lat) * RAD) + Math.cos(a.lat * RAD) * Math.cos(b.lat * RAD) * half((b.lon - a.lon) * RAD);
  return 2 * RADIUS_M * Math.asin(Math.sqrt(Math.min(1, h)));
}

/** How far a case is; nothing where either place is unknown. */
export function far(item: { lon?: number | null; lat?: number | null }, here: Spot | null): number | null {
  if (!here || item.lon == null || item.lat == null) return null;
  return metres(here, { lon: item.lon, lat: item.lat });
}

/** The list as it is read: what is due first, or what is nearest; of the latter, unknown places come last. */
export function ordered(items: readonly WorkItem[], order: Order, here: Spot | null): WorkItem[] {
  if (order === "clock" || !here) return [...items];
  const way = (item: WorkItem) => far(item, here) ?? Infinity;
  return [...items].sort((a, b) => way(a) - way(b));
}

/** What of the outbox is about a case and waits to be sent. */
export function queuedOf(outbox: readonly Item[], caseId: string): Item[] {
  return outbox.filter((each) => each.chain === `case/${caseId}` && each.state === "waiting");
}

/** What of the outbox is about a case and was not taken: it is not done, and what follows it waits until it is settled. */
export function troubledOf(outbox: readonly Item[], caseId: string): Item[] {
  return outbox.filter((each) => each.chain === `case/${caseId}` && (each.state === "refused" || each.state === "conflict"));
}

/** The deeds that are offered now: those that wait to be sent are done as far as the phone knows. */
export function offered(item: WorkItem, queued: readonly Item[]): DeedView[] {
  if (queued.length === 0) return item.deeds;
  const done = new Set(queued.map((each) => each.path));
  const next = item.deeds.some((deed) => deed.name === "sign" && done.has(deed.path)) ? item.then : [];
  return next.filter((deed) => !done.has(deed.path));
}

/** Whether a case's own work is done as far as the phone knows, so that it need not stand in the way. */
export function settled(item: WorkItem, queued: readonly Item[]): boolean {
  return queued.length > 0 && offered(item, queued).length === 0;
}
