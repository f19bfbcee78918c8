/** Proposals that are tried on past decisions: what is sent, and which trials belong to which proposal. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { may, type Me } from "@/api/session";
import { route } from "@/lib/paths";

type Schemas = components["schemas"];
export type Trial = Schemas["TrialView"];
export type TrialLine = Schemas["LineView"];
export type Outcome = Schemas["Outcome"];
export type Tried = Schemas["RemedyTried"];
export type RuleLimit = Schemas["RuleLimit"];

/** What can be tried: a class, its unit or its limit, in an area or everywhere. `units`: the likeliest first. */
export interface Offer {
  what: "unit" | "limit";
  classes: readonly string[];
  area: string | null;
  units: readonly string[];
}

const WATCH_MS = 1_000;
const READS = ["pack.read", "pack.propose", "pack.approve"];

export const mayReadTrials = (me: Me | null) => READS.some((each) => may(me, each));
export const running = (trial: Trial | undefined) => trial?.state === "waiting" || trial?.state === "running";

/** Whether a trial tries what is offered: of the same class, the same kind of change, and for a unit the same area. */
export function belongs(trial: Trial, offer: Offer): boolean {
  const { remedy } = trial;
  if (!remedy || !offer.classes.includes(remedy.class_key)) return false;
  if (offer.what === "limit") return Boolean(remedy.limit);
  return Boolean(remedy.unit) && (remedy.area ?? null) === offer.area && (offer.units.length < 2 || offer.units.includes(remedy.unit ?? ""));
}

export function useTrials(asks: boolean) {
  return useQuery({
    queryKey: ["packs", "trials"],
    queryFn: () => data<Trial[]>(api.GET("/v1/packs/trials")),
    enabled: asks,
    refetchInterval: (query) => (query.state.data?.some(running) ? WATCH_MS : false),
  });
}

export function useTry() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { remedy: Tried; from: string; to: string }) => send<Trial>("POST", "/v1/packs/remedies", asked),
    onSuccess: () => client.invalidateQueries({ queryKey: ["packs"] }),
  });
}

export function useLines(id: string, unknown: boolean) {
  return useInfiniteQuery({
    queryKey: ["packs", "trials", id, "lines", { unknown: String(unknown) }],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => send<{ items: TrialLine[]; next: string | null }>("GET", route`/v1/packs/trials/${id}/lines?${new URLSearchParams({ unknown: String(unknown), limit: "20", ...(pageParam && { after: pageParam }) })}`),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
