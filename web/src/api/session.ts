/** Who is signed in, and how one comes in and goes out. */
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { forgetKept, isLeaving, leaving } from "@/lib/kept";
import { api, data, onEnded, send } from "./client";
import { Refusal } from "./errors";
import type { paths } from "./schema";

export type Me = paths["/v1/me"]["get"]["responses"][200]["content"]["application/json"];
export const ME = ["me"];
const WAS = ["was"];
const KEPT = { "X-Keep": "me" }; // the service worker keeps the answer, for pages that work without a network

/** Whoever is signed in; null for nobody. */
export function useMe(): { me: Me | null; known: boolean } {
  const asked = useQuery({
    queryKey: ME,
    staleTime: 60_000,
    refetchOnWindowFocus: "always", // a session may have ended while nobody looked
    queryFn: async (): Promise<Me | null> => {
      if (!(await hasLeft())) return null;
      try {
        return (await data(api.GET("/v1/me", { headers: KEPT }))) ?? null; // without a network: who it was
      } catch (error) {
        if (error instanceof Refusal && error.ended) return null;
        throw error;
      }
    },
  });
  return { me: asked.data ?? null, known: asked.isFetched };
}

/** From now on an answer "nobody is signed in" is known to every page, and whose page it is until somebody signs in again. */
export function watchSession(client: QueryClient): void {
  client.setQueryDefaults(WAS, { gcTime: Infinity });
  onEnded(() => {
    const me = client.getQueryData<Me | null>(ME);
    if (me) client.setQueryData(WAS, me.account);
    client.setQueryData(ME, null);
  });
}

/** Whose page this is: of whoever is signed in, and of whoever was while their session has ended and the page is kept for them. */
export function useAccount(): string {
  const { me } = useMe();
  const was = useQueryClient().getQueryData<string>(WAS);
  return me?.account ?? was ?? "";
}

/** Signing in and out; everything that was known of the former is forgotten. */
export function useSession(): { enter: (name: string, password: string, code?: string) => Promise<void>; leave: () => Promise<void> } {
  const client = useQueryClient();
  return {
    async enter(name, password, code) {
      await hasLeft(); // the session of whoever left ends before another begins
      await api.POST("/v1/sessions", { body: { name, password, ...(code ? { code } : {}) } });
      await client.invalidateQueries();
    },
    async leave() {
      await forgetKept(); // first: a shared phone without a network forgets too
      leaving(true);
      await hasLeft();
      await quiet(client); // an answer that was under way is kept before it comes; once none is, nothing more is kept
      await forgetKept();
      location.reload(); // nothing of the former stays in memory
    },
  };
}

/** Tell the city that somebody has left, where it was not told yet. Answers whether it knows: without a network it does not, and
 * until it does nobody is shown anything in their name. */
export async function hasLeft(): Promise<boolean> {
  if (!isLeaving()) return true;
  try {
    await send("DELETE", "/v1/sessions/current");
  } catch (error) {
    if (!(error instanceof Refusal && error.ended)) return false;
  }
  leaving(false);
  return true;
}

const QUIET_MS = 5_000; // longer than the service worker waits for a network

/** Wait until nothing is asked any more, but not for ever. */
async function quiet(client: QueryClient): Promise<void> {
  const until = Date.now() + QUIET_MS;
  while (client.isFetching() > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
}

/** Whether the caller has a permission in any seat. */
export function may(me: Me | null, permission: string): boolean {
  return me?.permissions.includes(permission) ?? false;
}
