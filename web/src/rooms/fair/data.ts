/** What the room asks of the server, and how its numbers are written. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";

export interface Month {
  from: string;
  to: string;
}

/** The days of a month: 2026-03 is 2026-03-01 to 2026-03-31. */
export function daysOf(month: string): Month {
  const [year, nth] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year ?? 1970, nth ?? 1, 0)).getUTCDate();
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, "0")}` };
}

/** The month before the one in which a day lies. */
export function monthBefore(day: string): string {
  const at = new Date(`${day.slice(0, 7)}-15T12:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() - 1);
  return at.toISOString().slice(0, 7);
}

const draft = (scheme: string, month: string) => data(api.GET("/v1/scores/draft", { params: { query: { scheme, ...daysOf(month) } } }));
const sheets = () => data(api.GET("/v1/scores/published", { params: { query: { limit: 50 } } }));
const sheet = (id: string) => data(api.GET("/v1/scores/published/{sheet_id}", { params: { path: { sheet_id: id } } }));
const mine = () => data(api.GET("/v1/scores/mine", { params: { query: {} } }));
const schemes = () => data(api.GET("/v1/scores/schemes", { params: { query: {} } }));
const exclusions = (own: boolean) => data(own ? api.GET("/v1/exclusions/mine", { params: { query: {} } }) : api.GET("/v1/exclusions", { params: { query: {} } }));
const exclusion = (id: string) => data(api.GET("/v1/exclusions/{exclusion_id}", { params: { path: { exclusion_id: id } } }));
const findings = (month: string) => data(api.GET("/v1/findings", { params: { query: daysOf(month) } }));

export type Draft = Awaited<ReturnType<typeof draft>>;
export type Published = Awaited<ReturnType<typeof sheet>>;
export type Score = Published["scores"][number];
export type Appeal = Published["appeals"][number];
export type Exclusion = Awaited<ReturnType<typeof exclusion>>;
export type Finding = Awaited<ReturnType<typeof findings>>["findings"][number];

export const useSchemes = () => useQuery({ queryKey: ["fair", "schemes"], queryFn: schemes });
export const useDraft = (scheme: string, month: string) => useQuery({ queryKey: ["fair", "draft", scheme, month], queryFn: () => draft(scheme, month), enabled: Boolean(scheme) });
export const useSheets = () => useQuery({ queryKey: ["fair", "sheets"], queryFn: sheets });
export const useSheet = (id: string) => useQuery({ queryKey: ["fair", "sheet", id], queryFn: () => sheet(id), enabled: Boolean(id) });
export const useMine = () => useQuery({ queryKey: ["fair", "mine"], queryFn: mine });
export const useExclusions = (own: boolean) => useQuery({ queryKey: ["fair", "exclusions", own], queryFn: () => exclusions(own) });
export const useExclusion = (id: string) => useQuery({ queryKey: ["fair", "exclusion", id], queryFn: () => exclusion(id), enabled: Boolean(id) });
export const useFindings = (month: string) => useQuery({ queryKey: ["fair", "findings", month], queryFn: () => findings(month) });

interface Deed {
  path: string;
  body: unknown;
  of?: string; // what must be as it was seen: its own address
}

/** A deed of the room; of a thing that others change too, with the version that it has now. */
export function useDeed(onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ path, body, of }: Deed) => {
      if (!of) return send("POST", path, body);
      const seen = await fetch(of, { credentials: "same-origin" });
      return send("POST", path, body, { etag: seen.headers.get("etag") ?? '"0"' });
    },
    onSuccess: onDone,
    onSettled: () => void client.invalidateQueries({ queryKey: ["fair"] }),
  });
}

/** Points and shares, as they are read: one digit, or none told. */
export const points = (value: number | null | undefined) => (value === null || value === undefined ? "—" : value.toFixed(1));

/** From the least to the most that it may be. */
export const between = (score: Score) => (score.low === null || score.high === null ? "—" : `${points(score.low)} – ${points(score.high)}`);
