/** What the seat asks of the server. */
import { route } from "@/lib/paths";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { useSettled } from "@/lib/settled";
import { named, useLanguage } from "@/words/words";

export type Caller = components["schemas"]["CallerView"];
export type Past = components["schemas"]["CallerReport"];
export type Answer = components["schemas"]["EntryLine"];
export type Callback = components["schemas"]["CallbackLine"];

/** What a number reported before. Looking is a fact, so it happens when asked for, once. */
export function useCaller() {
  return useMutation({ mutationFn: (phone: string) => send<Caller>("POST", "/v1/callers", { phone }) });
}

/** Entries that answer a question, found as it is typed; the newest as long as nothing is. */
export function useAnswers(question: string) {
  const asked = useSettled(question.trim(), 250);
  return useQuery({
    queryKey: ["knowledge", asked, "seat"],
    queryFn: () => data(api.GET("/v1/knowledge", { params: { query: { ...(asked.length > 1 ? { q: asked.slice(0, 200) } : {}), limit: 6 } } })),
    placeholderData: (before) => before,
  });
}

/** One entry's whole text. */
export function useWords(id: string, isOpen: boolean) {
  return useQuery({
    queryKey: ["entry", id],
    queryFn: () => data(api.GET("/v1/knowledge/{entry_id}", { params: { path: { entry_id: id } } })),
    enabled: isOpen,
  });
}

export interface Inquired {
  entry: string;
  question: string;
  phone: string;
}
export function useInquiry(onDone: () => void) {
  return useMutation({
    mutationFn: (asked: Inquired & { key: string }) =>
      send("POST", "/v1/inquiries", { entry: asked.entry, question: asked.question, phone: asked.phone, channel: "hotline" }, { key: asked.key }),
    onSuccess: onDone,
  });
}

export function useFlag() {
  return useMutation({ mutationFn: (id: string) => send("POST", route`/v1/knowledge/${id}/flags`, { reason: "outdated" }) });
}

export interface Told {
  text: string;
  address: string;
  class: string;
  name: string;
  phone: string;
  at: Spot | null;
}
export interface Spot {
  lon: number;
  lat: number;
}
export function useReport() {
  return useMutation({
    mutationFn: ({ told, key }: { told: Told; key: string }) =>
      send<{ id: string; tracking_code: string }>(
        "POST",
        "/v1/reports",
        {
          text: told.text,
          address: told.address,
          channel: "hotline",
          ...(told.at ?? {}),
          ...(told.class ? { class: told.class } : {}),
          ...(told.phone ? { contact: { name: told.name, phone: told.phone } } : {}),
        },
        { key },
      ),
  });
}

const CALLS = 200; // as many as one answer holds; who has called them is told the next

/** Whom to call back, what is due first at the head; `next` where there are more. */
export function useCallbacks() {
  return useQuery({ queryKey: ["callbacks"], queryFn: () => data(api.GET("/v1/callbacks", { params: { query: { limit: CALLS } } })), refetchInterval: 60_000 });
}

export interface Said {
  solved: string;
  satisfied: string;
  reasons: string[];
  words: string;
}
/** What a call came to: a verdict, or that it was in vain. */
export function useOutcome(id: string, onDone: (key: string) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ said, key }: { said: Said | { outcome: string }; key: string }) => send("POST", route`/v1/callbacks/${id}/${"outcome" in said ? "try" : "verdict"}`, said, { key }),
    onSuccess: (_, { key }) => {
      void client.invalidateQueries({ queryKey: ["callbacks"] });
      onDone(key);
    },
  });
}

export interface Names {
  classes: [key: string, name: string, major: string][];
  classOf: (key: string | null | undefined) => string;
  unitOf: (id: string | null | undefined) => string;
}
/** Classes and units by their names. */
export function useNames(): Names {
  const language = useLanguage();
  const { data: found } = useQuery({ queryKey: ["catalogue"], queryFn: () => data(api.GET("/v1/public/catalogue")), staleTime: Infinity });
  const say = (words: Record<string, string>) => named(words, language);
  const classes = (found?.classes ?? []).map((each): [string, string, string] => [each.class_key, say(each.name), say(each.major_name)]);
  const byKey = new Map(classes.map(([key, name]) => [key, name]));
  const units = new Map((found?.units ?? []).map((each) => [each.id as string, say(each.name)]));
  return { classes, classOf: (key) => (key ? (byKey.get(key) ?? key) : ""), unitOf: (id) => (id ? (units.get(id) ?? id) : "") };
}
