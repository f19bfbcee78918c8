/** What this room asks of the server. */
import { route } from "@/lib/paths";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { named, useLanguage } from "@/words/words";

export type Account = components["schemas"]["AccountView"];
export type Key = components["schemas"]["KeyView"];
export type Held = components["schemas"]["HeldView"];
export type Parcel = components["schemas"]["HeldParcel"];
export type Post = components["schemas"]["PostNamed"];

/** A change, after which what was known of these is asked again. */
export function useSend(...stale: string[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ method = "POST", path, body, etag, key }: { method?: string; path: string; body?: unknown; etag?: number; key?: string }) =>
      send<unknown>(method, path, body, { ...(etag === undefined ? {} : { etag: `"${etag}"` }), ...(key ? { key } : {}) }),
    onSettled: () => stale.forEach((each) => void client.invalidateQueries({ queryKey: [each] })),
  });
}

export const useAccounts = () =>
  useQuery({
    queryKey: ["accounts"],
    queryFn: async () => {
      const found: Account[] = [];
      let after: string | undefined;
      do {
        const page = await data(api.GET("/v1/accounts", { params: { query: { after, limit: 200 } } }));
        found.push(...(page?.items ?? []));
        after = page?.next ?? undefined;
      } while (after && found.length < 2_000);
      return found;
    },
  });

export const usePosts = () => useQuery({ queryKey: ["posts"], queryFn: () => data(api.GET("/v1/screens/posts")), staleTime: Infinity });
export const useKeys = (account: string) => useQuery({ queryKey: ["keys", account], queryFn: () => send<Key[]>("GET", route`/v1/accounts/${account}/keys`) });
export const useSessions = () => useQuery({ queryKey: ["sessions"], queryFn: () => data(api.GET("/v1/me/sessions")) });
export const useSecond = () => useQuery({ queryKey: ["second"], queryFn: () => data(api.GET("/v1/me/second-factor")) });
export const useDevices = () => useQuery({ queryKey: ["devices"], queryFn: () => data(api.GET("/v1/me/devices")) });
export const useProviders = () => useQuery({ queryKey: ["providers"], queryFn: () => data(api.GET("/v1/sign-in/providers")), staleTime: Infinity });
export const useLinks = () => useQuery({ queryKey: ["links"], queryFn: () => data(api.GET("/v1/me/links")) });
export const useSignIns = () => useQuery({ queryKey: ["tries"], queryFn: () => data(api.GET("/v1/me/sign-ins")) });
export const useActs = () => useQuery({ queryKey: ["acts"], queryFn: () => data(api.GET("/v1/audit/acts", { params: { query: { limit: 200 } } })) });
export const useTries = () => useQuery({ queryKey: ["allTries"], queryFn: () => data(api.GET("/v1/audit/sign-ins", { params: { query: { limit: 200 } } })) });
export const useWebhooks = () => useQuery({ queryKey: ["webhooks"], queryFn: () => data(api.GET("/v1/webhooks")) });
export const useOutbox = () => useQuery({ queryKey: ["outbox"], queryFn: () => data(api.GET("/v1/outbox")), refetchInterval: 10_000 });
export const useHeld = () => useQuery({ queryKey: ["held"], queryFn: () => data(api.GET("/v1/held")), refetchInterval: 10_000 });

/** Words of the pack in the language shown. */
export function useWords(): (words: Record<string, string> | undefined) => string {
  const language = useLanguage();
  return (words) => named(words, language);
}
