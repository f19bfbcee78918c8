/** Pure: how something that the city refused goes back into the form that it was made in. */
import { route } from "@/lib/paths";
import type { Item } from "@/offline";

/** The page on which its form is opened. */
export function pageOf(item: Item): string {
  const [about, id = ""] = item.chain?.split("/") ?? [];
  if (about === "case") return route`/work/case/${id}`;
  if (item.kind === "census") return "/work/census";
  return item.kind === "visit" ? "/work/visits" : "/work/report";
}

/** What was filled in, without the moment that was refused: the city takes a report as of when it comes. */
export function mended(value: unknown, item: Item): unknown {
  return item.kind === "report" && item.problem?.code.startsWith("time.") ? { ...(value as object), at: "" } : value;
}
