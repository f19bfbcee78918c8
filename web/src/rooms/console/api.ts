/** What the room asks of the server. */
import { route } from "@/lib/paths";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { useLanguage } from "@/words/words";

export type Screen = components["schemas"]["CaseScreen"];
export type HelpedOf = components["schemas"]["Helped"];
export type Line = components["schemas"]["QueueLine"];
export type Deed = components["schemas"]["DeedView"];
export type FieldOf = components["schemas"]["FieldView"];
export type Choice = components["schemas"]["Choice"];
export type Lists = components["schemas"]["Lists"];
export type View = components["schemas"]["ViewShown"];
export type Looker = components["schemas"]["Looker"];
export type OneAnswer = components["schemas"]["OneAnswer"];
export type ManyDeed = components["schemas"]["ManyDeed"];
export type Form = Pick<Deed, "fields" | "always">;
export type Count = components["schemas"]["Count"];

export const FILTERS = ["q", "view", "waits", "state", "lamp", "class_key", "area", "unit", "channel", "request_kind", "mark", "level", "order"] as const;
const PAGE = 100;

/** The questions of the address that the queue knows. */
export function filtersOf(asked: Record<string, string>): Record<string, string> {
  return Object.fromEntries(FILTERS.filter((name) => asked[name]).map((name) => [name, asked[name] ?? ""]));
}

async function page(filters: Record<string, string>, lang: string, signal: AbortSignal, after?: string, limit = PAGE): Promise<{ items: Line[]; next: string | null }> {
  const asked = new URLSearchParams({ ...filters, lang, limit: String(limit), ...(after ? { after } : {}) });
  return send("GET", route`/v1/screens/queue?${asked}`, undefined, { signal });
}

/** The queue, a page of a hundred at a time. */
export function useQueue(filters: Record<string, string>) {
  const lang = useLanguage();
  return useInfiniteQuery({
    queryKey: ["queue", filters, lang],
    queryFn: ({ pageParam, signal }) => page(filters, lang, signal, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000, // clocks run
  });
}

/** A few cases by words, for the search box. */
export function useFound(words: string) {
  const lang = useLanguage();
  return useQuery({
    queryKey: ["found", words, lang],
    queryFn: ({ signal }) => page({ q: words }, lang, signal, undefined, 10),
    enabled: words.trim().length > 1,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** How many wait in each list. */
export function useCounts(of: readonly string[]) {
  const asked = new URLSearchParams(of.map((name) => ["of", name]));
  return useQuery({ queryKey: ["counts", of], queryFn: () => send<Record<string, Count>>("GET", route`/v1/screens/queue/counts?${asked}`), refetchInterval: 60_000 });
}

/** What forms and filters choose from. */
export function useLists() {
  const lang = useLanguage();
  return useQuery({
    queryKey: ["lists", lang],
    queryFn: () => send<Lists>("GET", route`/v1/screens/lists?lang=${lang}`),
    staleTime: 600_000,
  });
}

/** A case whole. */
export function useScreen(id: string | undefined) {
  const lang = useLanguage();
  return useQuery({
    queryKey: ["case", id, lang],
    queryFn: () => send<Screen>("GET", route`/v1/screens/case/${id ?? ""}?lang=${lang}`),
    enabled: id !== undefined,
    refetchInterval: 60_000,
  });
}

/** The views that the caller has saved, and those of their posts. */
export function useViews() {
  return useQuery({ queryKey: ["views"], queryFn: () => data(api.GET("/v1/views")), staleTime: 60_000 });
}

/** What the caller may do for many cases, each with its form. */
export function useManyDeeds() {
  const lang = useLanguage();
  return useQuery({
    queryKey: ["many", lang],
    queryFn: () => send<ManyDeed[]>("GET", route`/v1/screens/deeds?lang=${lang}`),
    staleTime: 600_000,
  });
}

/** One deed for many cases; each answers for itself. */
export function doMany(deed: string, cases: { id: string; no: number }[], body: Record<string, unknown>, lang: string, key: string): Promise<OneAnswer[]> {
  return send("POST", route`/v1/screens/deeds?lang=${lang}`, { deed, cases, body }, { key });
}

/** What helped last time, for a case like this. */
export function useHelped(id: string | undefined) {
  const lang = useLanguage();
  return useQuery({
    queryKey: ["helped", id, lang],
    queryFn: () => send<HelpedOf>("GET", route`/v1/cases/${id ?? ""}/helped?lang=${lang}`),
    enabled: id !== undefined,
    staleTime: 60_000,
  });
}

/** What the photos before and after say. */
export function useCompared(id: string | undefined) {
  const lang = useLanguage();
  return useQuery({
    queryKey: ["compared", id, lang],
    queryFn: () => send<components["schemas"]["ComparedPhotos"]>("GET", route`/v1/cases/${id ?? ""}/compared?lang=${lang}`),
    enabled: id !== undefined,
    staleTime: 600_000,
  });
}
