/** What the wall asks the server, and how it stays fresh: by facts where they may be heard, else by the clock. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import { may, useMe } from "@/api/session";
import { listen } from "@/lib/live";
import { named } from "@/words/words";

type Schemas = components["schemas"];
export type Wall = Schemas["BoardView"];
export type Step = Schemas["StepFlow"];
export type Behind = Schemas["CasesBehind"];
export type Names = Record<string, Record<string, string>>;
const LIVE_MS = 5_000;
const ALONE_MS = 10_000;

/** The wall, asked for again after facts, at most every five seconds; and whether the line is live. */
export function useWall() {
  const { me } = useMe();
  const hears = may(me, "facts.read");
  const [live, setLive] = useState(false);
  const [heard, setHeard] = useState(0);
  const asked = useQuery({
    queryKey: ["board"],
    queryFn: () => data(api.GET("/v1/screens/board")),
    refetchInterval: ALONE_MS,
    refetchIntervalInBackground: true,
    placeholderData: keepPreviousData,
  });
  const { refetch } = asked;
  useEffect(() => {
    if (!hears) return;
    const again = () => setHeard((count) => count + 1);
    return listen({ onFacts: again, onState: setLive, onBack: again });
  }, [hears]);
  useEffect(() => {
    if (!heard) return;
    const timer = setTimeout(() => void refetch(), LIVE_MS);
    return () => clearTimeout(timer);
  }, [heard, refetch]);
  return { ...asked, live: hears ? live : asked.isSuccess && !asked.isRefetchError };
}

/** The cases that a figure counts. */
export function useBehind(key: string | null) {
  return useQuery({
    queryKey: ["board", "behind", key],
    queryFn: () => data(api.GET("/v1/screens/board/cases", { params: { query: { key: key ?? "" } } })),
    enabled: key !== null,
    staleTime: 0,
  });
}

/** A name of the pack in the language shown; the code where it has none. */
export function nameIn(names: Names, code: string | null | undefined, language: string): string {
  if (!code) return "";
  return named(names[code], language) || code;
}
