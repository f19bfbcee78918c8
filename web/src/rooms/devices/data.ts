/** What the rooms of devices ask for, and what follows from it. */
import { asking } from "@/lib/address";
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import { Refusal } from "@/api/errors";
import type { LampColour } from "@/ui/ui";

const screen = () => data(api.GET("/v1/screens/devices"));
export type Screen = NonNullable<Awaited<ReturnType<typeof screen>>>;

export type Colour = "red" | "orange" | "yellow" | "blue";
export const COLOURS: readonly Colour[] = ["red", "orange", "yellow", "blue"];

/** A device as the list and the map show it. */
export interface Row {
  id: string;
  key: string;
  name: string;
  kind: string;
  state: string;
  vendor: string;
  lon: number | null;
  lat: number | null;
  colour: Colour | null;
}

const BAD: Record<string, number> = { faulty: 3, suspect: 2, planned: 0, live: 0, retired: -1 };
const weight = (row: Row) => (row.colour ? 10 - COLOURS.indexOf(row.colour) : 0) + (BAD[row.state] ?? 0);

/** The rows of the screen, those that want a look first. */
export function rowsOf(given: Screen): Row[] {
  const worst = new Map(given.alarms.map((each) => [each.thing, each.colour as Colour]));
  const rows = given.id.map((id, n) => ({
    id, key: given.key[n] ?? "", name: given.name[n] ?? "", kind: given.kind[n] ?? "", state: given.state[n] ?? "", vendor: given.vendor[n] ?? "",
    lon: given.lon[n] ?? null, lat: given.lat[n] ?? null, colour: worst.get(id) ?? null,
  }));
  return rows.sort((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1));
}

export interface Filter {
  q?: string;
  kind?: string;
  state?: string;
  vendor?: string;
  alarm?: string;
}

/** Those that a filter leaves. */
export function left(rows: readonly Row[], asked: Filter): Row[] {
  const q = (asked.q ?? "").toLowerCase();
  return rows.filter(
    (each) =>
      (!q || each.key.toLowerCase().includes(q) || each.name.toLowerCase().includes(q)) &&
      (!asked.kind || each.kind === asked.kind) &&
      (!asked.state || each.state === asked.state) &&
      (!asked.vendor || each.vendor === asked.vendor) &&
      (!asked.alarm || each.colour !== null),
  );
}

/** The lamp of a device: its alarm first, then its state. */
export function lampOf(row: Row): LampColour {
  if (row.colour === "red" || row.colour === "orange") return "red";
  if (row.colour || row.state === "suspect" || row.state === "faulty") return "yellow";
  return row.state === "live" ? "green" : "grey";
}

export function useDevices() {
  return useQuery({ queryKey: ["devices"], queryFn: screen, refetchInterval: 30_000 });
}

const one = (id: string) => data(api.GET("/v1/devices/{thing_id}", { params: { path: { thing_id: id } } }));
export type Device = NonNullable<Awaited<ReturnType<typeof one>>>;
const watched = (id: string) => data(api.GET("/v1/screens/devices/{thing_id}", { params: { path: { thing_id: id } } }));
export type Watched = NonNullable<Awaited<ReturnType<typeof watched>>>;

export function useDevice(id: string) {
  return useQuery({ queryKey: ["device", id], queryFn: () => one(id), refetchInterval: 30_000 });
}

export function useWatched(id: string) {
  return useQuery({ queryKey: ["watched", id], queryFn: () => watched(id) });
}

export const SPANS = { day: { ms: 86_400_000, step: "900" }, week: { ms: 7 * 86_400_000, step: "hour" }, month: { ms: 31 * 86_400_000, step: "day" } } as const;
export type SpanName = keyof typeof SPANS;

const means = (id: string, span: SpanName) =>
  data(
    api.GET("/v1/streams/{stream_id}/means", {
      params: { path: { stream_id: id }, query: { since: new Date(Date.now() - SPANS[span].ms).toISOString(), step: SPANS[span].step } },
    }),
  );

/** Means of a stream over a span. Shape: columns. */
export function useMeans(id: string, span: SpanName) {
  return useQuery({ queryKey: ["means", id, span], queryFn: () => means(id, span) as Promise<Means>, refetchInterval: 60_000 });
}

export interface Means {
  at: number[];
  mean: number[];
  least: number[];
  most: number[];
}

/** An alarm as the list tells it. */
export interface Alarm {
  id: string;
  rule: string;
  kind: string;
  colour: Colour;
  property: string;
  unit: string;
  limit: number;
  value: number;
  thing_id: string;
  stream: number;
  began_at: string;
  raised_at: string;
  cleared_at: string | null;
  is_true: boolean | null;
  judged_for: string | null;
  case_id: string | null;
}

async function listed(path: string): Promise<Alarm[]> {
  try {
    return (await send<{ items: Alarm[] }>("GET", path)).items;
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 404) return [];
    throw error;
  }
}

/** The alarms of a device, or of the whole city. */
export function useAlarms(thing: string | null, running: boolean) {
  const path = thing ? route`/v1/devices/${thing}/alarms?limit=50` : `/v1/alarms${asking({ limit: "100", running: running ? "true" : "" })}`;
  return useQuery({ queryKey: ["alarms", path], queryFn: () => listed(path), refetchInterval: 30_000 });
}

/** A number as people write it, with its unit. */
export function write(value: number, unit: string): string {
  const text = Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
  return unit ? `${text} ${unit}` : text;
}
