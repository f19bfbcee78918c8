/** What the room asks the server. */
import { route } from "@/lib/paths";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { type Chosen, courseOf, question } from "./asked";

type Schemas = components["schemas"];
export type Metric = Schemas["MetricView"];
export type Answer = Schemas["Answer"];
export type Group = Schemas["Group"];
export type Figure = Schemas["Figure"];
export type Series = Schemas["SeriesAnswer"];
export type Item = Schemas["Item"];
export type Furniture = Schemas["Furniture"];

export interface Behind {
  metric: string;
  part: "numerator" | "denominator";
  group: string | null;
  name: string;
}

export function useFurniture() {
  return useQuery({ queryKey: ["figures", "furniture"], queryFn: () => data<Furniture>(api.GET("/v1/screens/figures")), staleTime: 300_000 });
}

export function useMetrics() {
  return useQuery({ queryKey: ["figures", "metrics"], queryFn: () => data<Metric[]>(api.GET("/v1/figures/metrics")), staleTime: 300_000 });
}

export function useFigures(chosen: Chosen) {
  const asked = new URLSearchParams(question(chosen));
  if (chosen.compare) asked.append("compare", chosen.compare);
  return useQuery({
    queryKey: ["figures", asked.toString()],
    queryFn: () => send<Answer>("GET", route`/v1/figures?${asked}`),
    placeholderData: keepPreviousData,
  });
}

export function useSeries(chosen: Chosen, last: string | undefined) {
  const { from, to, every } = courseOf(last ?? chosen.on, chosen.period);
  const { period, on, ...rest } = question(chosen);
  const asked = new URLSearchParams({ ...rest, from, to, every, metric: chosen.metric });
  return useQuery({
    queryKey: ["figures", "series", asked.toString(), period, on],
    queryFn: () => send<Series>("GET", route`/v1/figures/series?${asked}`),
    enabled: last !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** The names of accounts among groups `account:ID`. */
export function usePeople(groups: readonly string[]) {
  const ids = groups.filter((each) => each.startsWith("account:")).map((each) => each.slice(8)).slice(0, 300);
  return useQuery({
    queryKey: ["figures", "people", ids],
    queryFn: () => send<Record<string, string>>("GET", route`/v1/screens/figures/people?ids=${ids.join(",")}`),
    enabled: ids.length > 0,
  });
}

export function useItems(chosen: Chosen, behind: Behind | null) {
  return useInfiniteQuery({
    queryKey: ["figures", "cases", question(chosen), behind],
    enabled: behind !== null,
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ ...question(chosen), limit: "50" });
      if (behind) {
        asked.set("metric", behind.metric);
        asked.set("part", behind.part);
        if (behind.group !== null) asked.set("group", behind.group);
      }
      if (pageParam) asked.set("after", pageParam);
      return send<{ items: Item[]; next: string | null }>("GET", route`/v1/figures/cases?${asked}`);
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
