/** What the register asks of the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { named, useLanguage } from "@/words/words";

export type Algorithm = components["schemas"]["AlgorithmView"];
export type Figures = components["schemas"]["FiguresView"];
export type Group = components["schemas"]["GroupView"];
export type Model = components["schemas"]["ModelView"];
export type Share = components["schemas"]["ShareOf"];

export const useRegister = () => useQuery({ queryKey: ["algorithms"], queryFn: () => data(api.GET("/v1/algorithms")) });

/** The models; asked again and again while one is being made. */
export const useModels = () =>
  useQuery({ queryKey: ["models"], queryFn: () => data(api.GET("/v1/models")), refetchInterval: (asked) => (asked.state.data?.runs ? 3_000 : false) });

/** A change, after which both are asked again. */
export function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (path: string) => send("POST", path),
    onSettled: () => ["algorithms", "models"].forEach((each) => void client.invalidateQueries({ queryKey: [each] })),
  });
}

/** Names of areas by their code. */
export function useAreaNames(): (code: string) => string {
  const language = useLanguage();
  const { data: found } = useQuery({ queryKey: ["areas"], queryFn: () => data(api.GET("/v1/public/areas")), staleTime: Infinity });
  const names = new Map((found ?? []).map((each) => [each.code, named(each.name, language)]));
  return (code) => names.get(code) ?? code;
}

/** Names of classes by their key. */
export function useClassNames(): (key: string) => string {
  const language = useLanguage();
  const { data: found } = useQuery({ queryKey: ["catalogue"], queryFn: () => data(api.GET("/v1/public/catalogue")), staleTime: Infinity });
  const names = new Map((found?.classes ?? []).map((each) => [each.class_key, named(each.name, language)]));
  return (key) => names.get(key) ?? key;
}

/** Parts per million as percent: whole from ten on, one place below. */
export function percent(ppm: number): string {
  const share = ppm / 10_000;
  return `${share >= 10 || share === 0 ? Math.round(share) : Math.round(share * 10) / 10}%`;
}
