/** Pure: what the phone knows of a shift, from signing on without a network to the last position that was sent. */
import type { Item } from "@/offline";
import type { Spot } from "./near";

export interface LocalShift {
  key: string; // of the request that signs on
  id: string | null; // the server's, once it answered
  post: string;
  started_at: string;
  ended_at: string | null;
  end_key: string | null;
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

/** The shift after what became of its requests: null once it is over and told, or was refused. */
export function shiftAfter(local: LocalShift, outbox: readonly Item[]): LocalShift | null {
  const on = outbox.find((each) => each.id === local.key);
  if (on?.state === "sent") local = { ...local, id: idIn(on.answer) ?? local.id };
  if (on?.state === "refused") {
    if (on.problem?.code !== "duty.on_duty" || typeof on.problem.shift !== "string") return null;
    local = { ...local, id: on.problem.shift }; // signed on already, from another phone or before an accident
  }
  const off = local.end_key ? outbox.find((each) => each.id === local.end_key) : undefined;
  if (off?.state === "sent" || off?.state === "refused") return null;
  return local;
}

function idIn(answer: unknown): string | null {
  const id = (answer as { id?: unknown } | null)?.id;
  return typeof id === "string" ? id : null;
}

/** The buffer with one more position, if it is time for one. */
export function noted(points: readonly TrackPoint[], spot: Spot, at: number, every_s: number): TrackPoint[] {
  const last = points.at(-1);
  if (last && at - new Date(last.at).getTime() < every_s * 1000) return [...points];
  const point = { at: new Date(at).toISOString(), lon: spot.lon, lat: spot.lat, error_m: Math.round(spot.error_m) };
  return [...points, point].slice(-BUFFER_MAX);
}

/** Whether it is time to send what was noted. */
export function due(points: readonly TrackPoint[], now: number, ends: boolean): boolean {
  const first = points[0];
  if (!first) return false;
  return ends || points.length >= SEND_AT || now - new Date(first.at).getTime() >= SEND_EVERY_MS;
}
