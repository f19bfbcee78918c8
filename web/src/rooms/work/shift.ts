/** Pure: what the phone knows of a shift, from signing on without a network to the last position that was sent. */
import type { Item } from "@/offline";
import type { WorkScreen } from "./data";
import type { Spot } from "./near";

export interface LocalShift {
  key: string; // of the request that signs on
  id: string | null; // the server's, once it answered
  post: string;
  started_at: string;
  ended_at: string | null;
  end_key: string | null;
  seen_at?: string; // when a list of tasks first told of it, by the server's clock
  over?: "here" | "city"; // who ended it; it is kept until the next one, so that an old list does not bring it back
}

export interface TrackPoint {
  at: string;
  lon: number;
  lat: number;
  error_m: number;
}

export const SEND_AT = 20; // positions in one request
export const SEND_EVERY_MS = 120_000;
const BUFFER_MAX = 1_900; // a day's, at one every half minute; the server takes 2000 at once

/** The shift after what became of its requests, and after the list of tasks: null where there never was one. */
export function shiftNow(local: LocalShift | null, outbox: readonly Item[], screen: Pick<WorkScreen, "now" | "shift"> | undefined): LocalShift | null {
  const next = local && shiftAfter(local, outbox);
  return screen ? shiftSeen(next, screen) : next;
}

/** The shift after what became of its requests: a refused one never was. */
export function shiftAfter(local: LocalShift, outbox: readonly Item[]): LocalShift | null {
  if (local.over) return local;
  const on = outbox.find((each) => each.id === local.key);
  if (on?.state === "refused" && !isKnown(on)) return null;
  const id = on ? idIn(on) : null;
  if (id && id !== local.id) local = { ...local, id };
  const off = local.end_key ? outbox.find((each) => each.id === local.end_key) : undefined;
  if (off?.state === "sent" || off?.state === "refused") return { ...local, over: "here" };
  if (outbox.some((each) => tellsEnd(each, local))) return { ...local, over: local.ended_at ? "here" : "city" };
  return local;
}

/** The shift after a list of tasks, which may be an old one: what it says after it told of the shift once is newer. */
function shiftSeen(local: LocalShift | null, { now, shift: there }: Pick<WorkScreen, "now" | "shift">): LocalShift | null {
  if (local && !local.over) {
    if (!local.id || local.ended_at) return local;
    if (there?.id === local.id) return local.seen_at ? local : { ...local, seen_at: now };
    return local.seen_at && isLater(now, local.seen_at) ? { ...local, over: "city" } : local;
  }
  if (!there || there.id === local?.id || (local && !isLater(there.started_at, local.started_at))) return local;
  return { key: "", id: there.id, post: there.post, started_at: there.started_at, ended_at: null, end_key: null, seen_at: now };
}

/** Whether the phone has taken what an item says, so that nobody need look at it. */
export function isTaken(item: Item): boolean {
  return item.state === "sent" || (item.state === "refused" && (isKnown(item) || item.problem?.code === "duty.shift_over"));
}

/** Refused, since one is on duty already: signed on from another phone, or before an accident. */
function isKnown(item: Item): boolean {
  return item.problem?.code === "duty.on_duty" && typeof item.problem.shift === "string";
}

function idIn(on: Item): string | null {
  const id = on.state === "refused" ? on.problem?.shift : on.state === "sent" ? (on.answer as { id?: unknown } | null)?.id : null;
  return typeof id === "string" ? id : null;
}

/** An answer to any request of a shift says whether it still runs. */
function tellsEnd(item: Item, local: LocalShift): boolean {
  const told = item.state === "sent" ? (item.answer as { id?: unknown; is_open?: unknown } | null | undefined) : null;
  return local.id !== null && told?.id === local.id && told.is_open === false;
}

function isLater(one: string, other: string): boolean {
  return Date.parse(one) > Date.parse(other);
}

/** The buffer with one more position, if it is time for one. */
export function noted(points: TrackPoint[], spot: Spot, at: number, every_s: number): TrackPoint[] {
  const last = points.at(-1);
  if (last && Math.abs(at - new Date(last.at).getTime()) < every_s * 1000) return points;
  const point = { at: new Date(at).toISOString(), lon: spot.lon, lat: spot.lat, error_m: Math.round(spot.error_m) };
  return [...points, point].slice(-BUFFER_MAX);
}

/** Whether it is time to send what was noted. */
export function due(points: readonly TrackPoint[], now: number, ends: boolean): boolean {
  const first = points[0];
  if (!first) return false;
  return ends || points.length >= SEND_AT || Math.abs(now - new Date(first.at).getTime()) >= SEND_EVERY_MS;
}
