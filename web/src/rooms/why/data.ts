/** What the room asks the server. */
import { route } from "@/lib/paths";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { data, api, send } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Screen = Schemas["WhyView"];
export type Why = Schemas["Why"];
export type Found = Schemas["Found"];
export type Again = Schemas["Again"];
export type Spot = Schemas["Spot"];
export type Measure = Schemas["MeasureView"];
export type EffectOf = Schemas["EffectView"];
export type Furniture = Schemas["Furniture"];
export type NewMeasure = Schemas["NewMeasure"];

export function useWhy(days: { from: string; to: string }, area: string) {
  const asked = new URLSearchParams({ ...days, ...(area && { area }) });
  return useQuery({
    queryKey: ["why", asked.toString()],
    queryFn: () => send<Screen>("GET", route`/v1/why?${asked}`),
    placeholderData: keepPreviousData,
    staleTime: 600_000,
  });
}

export function useFurniture() {
  return useQuery({ queryKey: ["figures", "furniture"], queryFn: () => data<Furniture>(api.GET("/v1/screens/figures")), staleTime: 300_000 });
}

export function useMeasures() {
  return useQuery({ queryKey: ["measures"], queryFn: () => data<Measure[]>(api.GET("/v1/measures")) });
}

export function useEffectOf(id: string) {
  return useQuery({ queryKey: ["measures", id], queryFn: () => send<EffectOf>("GET", route`/v1/measures/${id}/effect`) });
}

export function useTake() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (measure: NewMeasure) => send("POST", "/v1/measures", measure),
    onSuccess: () => client.invalidateQueries({ queryKey: ["measures"] }),
  });
}
