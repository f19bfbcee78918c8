/** What became of one's own reports: asked of the city, and kept on this phone as it stood last, each for itself. */
import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import { changeShelf, onShelf } from "@/offline";
import type { Trail } from "./follow";
import { MINE, type Mine } from "./mine";

const TRAILS = "trails";
const MOST_AT_ONCE = 50; // as many as the city looks up in one request

/** Of each code how it stood, and when; null: no report answers to it any more. */
export type Kept = Record<string, { at: string; trail: Trail | null }>;

export interface Trails {
  trails: Record<string, Trail | null>;
  asOf: string | null; // without a network: since when the oldest of them stands here
  wait: boolean;
  error: unknown; // neither the city nor the phone knows any of them
}

/** What became of them; without a network as it stood last. */
export function useTrails(codes: string[]): Trails {
  const asked = useQuery({
    queryKey: ["trails", codes],
    enabled: codes.length > 0,
    refetchInterval: 60_000,
    retry: false,
    queryFn: () => found(codes),
  });
  const kept = asked.data?.kept ?? {};
  const times = Object.values(kept).map((each) => each.at);
  return {
    trails: Object.fromEntries(Object.entries(kept).map(([code, { trail }]) => [code, trail])),
    asOf: asked.data?.old ? (times.sort()[0] ?? null) : null,
    wait: asked.isLoading,
    error: asked.error,
  };
}

/** How they stand by the city's word, which goes onto the shelf; `old`: by the phone's. Throws where neither knows one. */
export async function found(codes: string[]): Promise<{ kept: Kept; old: boolean }> {
  try {
    const told = await askedOf(codes);
    await keep(told).catch(() => undefined); // a phone without room shows it all the same
    return { kept: told, old: false };
  } catch (error) {
    const shelf = await onShelf<Kept>(TRAILS).catch(() => undefined);
    const kept = only(shelf ?? {}, (code) => codes.includes(code));
    if (Object.keys(kept).length === 0) throw error;
    return { kept, old: true };
  }
}

async function askedOf(codes: string[]): Promise<Kept> {
  const at = new Date().toISOString();
  let told: Kept = {};
  for (let from = 0; from < codes.length; from += MOST_AT_ONCE) {
    const some = await data(api.POST("/v1/track", { body: { codes: codes.slice(from, from + MOST_AT_ONCE) } }));
    told = { ...told, ...Object.fromEntries(some.map((each) => [each.code, { at, trail: each.trail ?? null }])) };
  }
  return told;
}

/** Put it beside what is kept of the other reports of this phone; those that it has forgotten go. */
async function keep(told: Kept): Promise<void> {
  const own = new Set((await onShelf<Mine[]>(MINE))?.map((each) => each.code));
  await changeShelf<Kept>(TRAILS, (before = {}) => ({ ...only(before, (code) => own.has(code)), ...told }));
}

function only(kept: Kept, is: (code: string) => boolean): Kept {
  return Object.fromEntries(Object.entries(kept).filter(([code]) => is(code)));
}
