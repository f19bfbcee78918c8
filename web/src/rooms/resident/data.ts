/** What the resident's pages ask of the server; what they may see without a network is marked to be kept. */
import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import { named, useLanguage } from "@/words/words";

type Schemas = components["schemas"];
export type Catalogue = Schemas["Catalogue"];
export type City = Schemas["CityCard"];
export type Area = Schemas["AreaView"];
export type CaseNearby = Schemas["CaseNearby"];
export type DoneNearby = Schemas["DoneNearby"];
export type ClassProposed = Schemas["ClassProposed"];
export interface Spot {
  lon: number;
  lat: number;
}

const KEEP = { headers: { "X-Keep": "" } };
const LONG = 10 * 60_000;

/** A thing's words in the language shown. */
export function useNamed(): (name: Record<string, string> | undefined) => string {
  const language = useLanguage();
  return (name) => named(name, language);
}

/** The city's card. */
export function useCity(): City | undefined {
  return useQuery({ queryKey: ["city"], staleTime: LONG, queryFn: () => data(api.GET("/v1/public/city", KEEP)) }).data;
}

/** Classes and units by name. */
export function useCatalogue(): { catalogue: Catalogue | undefined; kind: (key: string) => string; unit: (id: string) => string } {
  const named = useNamed();
  const asked = useQuery({ queryKey: ["catalogue"], staleTime: LONG, queryFn: () => data(api.GET("/v1/public/catalogue", KEEP)) });
  return {
    catalogue: asked.data,
    kind: (key) => named(asked.data?.classes.find((each) => each.class_key === key)?.name),
    unit: (id) => named(asked.data?.units.find((each) => each.id === id)?.name),
  };
}

/** The neighbourhoods. */
export function useAreas(): Area[] {
  return useQuery({ queryKey: ["areas"], staleTime: LONG, queryFn: () => data(api.GET("/v1/public/areas", KEEP)) }).data ?? [];
}

/** About 100 m: so that a step aside asks nothing anew, and the server learns no more than it must. */
export function rounded(at: Spot | null): Spot | null {
  return at && { lon: Math.round(at.lon * 1000) / 1000, lat: Math.round(at.lat * 1000) / 1000 };
}

/** What is open around a place, the nearest first. */
export function useOpenNear(at: Spot | null, radius_m: number) {
  const query = { lon: at?.lon ?? 0, lat: at?.lat ?? 0, radius_m };
  return useQuery({
    queryKey: ["near", query],
    enabled: at !== null,
    retry: false,
    queryFn: () => data(api.GET("/v1/public/cases", { ...KEEP, params: { query } })),
  });
}

/** What was done around a place in the last week. */
export function useDoneNear(at: Spot | null, radius_m: number) {
  const query = { lon: at?.lon ?? 0, lat: at?.lat ?? 0, radius_m };
  return useQuery({
    queryKey: ["done", query],
    enabled: at !== null,
    retry: false,
    queryFn: () => data(api.GET("/v1/public/done", { ...KEEP, params: { query } })),
  });
}

/** What a place is called, and whether it lies outside the city. */
export function usePlaceName(at: Spot | null): { name: string; outside: boolean } {
  const named = useNamed();
  const query = { lng: at?.lon ?? 0, lat: at?.lat ?? 0 };
  const asked = useQuery({
    queryKey: ["place", query],
    enabled: at !== null,
    retry: false,
    staleTime: LONG,
    queryFn: () => data(api.GET("/v1/places/at", { params: { query } })),
  });
  return { name: named(asked.data?.address), outside: asked.data?.inside === false };
}

/** What this may be called. */
export function useProposed(text: string, at: Spot | null): ClassProposed[] {
  const body = { text: text.trim(), lon: at?.lon ?? null, lat: at?.lat ?? null };
  const asked = useQuery({
    queryKey: ["proposed", body],
    enabled: body.text !== "" || at !== null,
    retry: false,
    staleTime: LONG,
    placeholderData: (before: ClassProposed[] | undefined) => before,
    queryFn: () => data(api.POST("/v1/classes/proposed", { body })),
  });
  return asked.data ?? [];
}
