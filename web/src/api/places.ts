/** Places of the city by a part of their name, from its gazetteer. */
import { useQuery } from "@tanstack/react-query";
import { api, data } from "./client";

const LONG = 10 * 60_000;

export function usePlacesNamed(q: string) {
  return useQuery({
    queryKey: ["places", q],
    enabled: q !== "",
    retry: false,
    staleTime: LONG,
    queryFn: () => data(api.GET("/v1/places", { params: { query: { q: q.slice(0, 60), limit: 8 } } })),
  });
}
