/** Public answers, and the links in them. */
import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";

const fetched = (id: string) => data(api.GET("/v1/answers/{entry_id}", { ...KEEP, params: { path: { entry_id: id } } }));
export type Answer = Awaited<ReturnType<typeof fetched>>;
const LONG = 10 * 60_000;
const KEEP = { headers: { "X-Keep": "" } };

/** What is found by these words, best first; the newest where there are none and `always`. */
export function useAnswers(q: string, always = false) {
  return useQuery({
    queryKey: ["answers", q],
    enabled: always || q.length > 1,
    retry: false,
    staleTime: LONG,
    placeholderData: (before: Answer[] | undefined) => before,
    queryFn: () => data(api.GET("/v1/answers", { ...(q ? {} : KEEP), params: { query: q ? { q: q.slice(0, 200) } : {} } })),
  });
}

/** One answer; kept, so that it is there without a network. */
export function useAnswer(id: string) {
  return useQuery({ queryKey: ["answer", id], retry: false, staleTime: LONG, queryFn: () => fetched(id) });
}

export interface Part {
  says: string;
  href?: string;
}

/** A text in parts; the addresses of official texts in it lead there. Chinese full stops and brackets end one. */
export function linked(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'，。；：！？、（）【】《》「」]+/g)) {
    const href = found[0].replace(/[.,;:!?)\]]+$/, "");
    if (found.index > at) parts.push({ says: text.slice(at, found.index) });
    parts.push({ says: href, href });
    at = found.index + href.length;
  }
  if (at < text.length) parts.push({ says: text.slice(at) });
  return parts;
}
