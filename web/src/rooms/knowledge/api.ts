/** What the knowledge room asks of the server, and the names it needs. */
import { route } from "@/lib/paths";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { named, useLanguage } from "@/words/words";

export type Line = components["schemas"]["EntryLine"];
export type Entry = components["schemas"]["EntryView"];
export type Revision = components["schemas"]["RevisionView"];
export const LISTS = ["read", "waiting", "flagged", "expired", "retired"] as const;
export type List = (typeof LISTS)[number];

export interface Draft {
  title: string;
  text: string;
  owner: string;
  valid_until: string;
  classes: string[];
  areas: string[];
  public: boolean;
}

/** Entries that are found, or those of a list. */
export function useEntries(q: string, shown: string) {
  return useInfiniteQuery({
    queryKey: ["knowledge", q, shown],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => data(api.GET("/v1/knowledge", { params: { query: { q, shown, after: pageParam } } })),
    getNextPageParam: (last) => last?.next ?? undefined,
    placeholderData: (before) => before,
  });
}

export function useEntry(id: string | undefined) {
  return useQuery({
    queryKey: ["entry", id],
    queryFn: () => data(api.GET("/v1/knowledge/{entry_id}", { params: { path: { entry_id: id ?? "" } } })),
    enabled: Boolean(id),
  });
}

/** A deed of an entry: the version that was seen goes with it. */
export function useDeed(entry: Entry) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, body }: { deed: string; body: unknown }) =>
      send<Entry>("POST", route`/v1/knowledge/${entry.id}/${deed}`, body, deed === "flags" ? {} : { etag: `"${entry.no}"` }),
    onSuccess: (found) => {
      client.setQueryData(["entry", found.id], found);
      void client.invalidateQueries({ queryKey: ["knowledge"] });
    },
    onError: () => void client.invalidateQueries({ queryKey: ["entry", entry.id] }),
  });
}

/** Write an entry, or another revision of one. */
export function useWrite(entry: Entry | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) =>
      entry
        ? send<Entry>("POST", route`/v1/knowledge/${entry.id}/revisions`, draft, { etag: `"${entry.no}"` })
        : send<Entry>("POST", "/v1/knowledge", draft, { key: crypto.randomUUID() }),
    onSuccess: (found) => {
      client.setQueryData(["entry", found.id], found);
      void client.invalidateQueries({ queryKey: ["knowledge"] });
    },
  });
}

export interface Names {
  classes: [key: string, name: string][];
  units: [id: string, name: string][];
  classOf: (key: string) => string;
  unitOf: (id: string) => string;
}

/** Classes and units of the city by their names. */
export function useNames(): Names {
  const language = useLanguage();
  const { data: found } = useQuery({
    queryKey: ["catalogue"],
    queryFn: () => data(api.GET("/v1/public/catalogue")),
    staleTime: Infinity,
  });
  const say = (words: Record<string, string>) => named(words, language);
  const classes = (found?.classes ?? []).map((each): [string, string] => [each.class_key, say(each.name)]);
  const units = (found?.units ?? []).map((each): [string, string] => [each.id, say(each.name)]);
  const [byKey, byId] = [new Map(classes), new Map(units)];
  return { classes, units, classOf: (key) => byKey.get(key) ?? key, unitOf: (id) => byId.get(id) ?? id };
}

/** The areas that an entry may be about: each with those above it, so that two of one name can be told apart. */
export function useAreas(): { areas: [string, string][]; areaOf: (code: string) => string } {
  const language = useLanguage();
  const { data: found } = useQuery({ queryKey: ["areas"], queryFn: () => data(api.GET("/v1/public/areas")), staleTime: Infinity });
  const names = new Map((found ?? []).map((each) => [each.code, named(each.name, language)]));
  const areaOf = (code: string) =>
    [6, 9, 12]
      .filter((length) => length <= code.length)
      .map((length) => names.get(code.slice(0, length)))
      .filter(Boolean)
      .join(" ") || code;
  return { areas: [...names.keys()].sort().map((code) => [code, areaOf(code)]), areaOf };
}

/** The revision that is read; before any was, the newest. */
export function shownOf(entry: Entry): Revision | undefined {
  return entry.revisions.find((each) => each.revision === entry.published) ?? entry.revisions[0];
}

/** The revision that waits for approval. */
export function waitingOf(entry: Entry): Revision | undefined {
  return entry.revisions.find((each) => each.state === "waiting" && !entry.retired_at);
}
