/** A report that begins with the code on a thing: `/q/CODE` opens the form with its place and its class. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { components } from "@/api/schema";
import type { ReportDraft } from "../draft";

export type Thing = components["schemas"]["ThingView"];
const SCANNED = /^\/q\/([0-9A-Za-z-]{1,40})\/?$/;

/** From the address that a camera opens to that of the form, so that going back and loading again stay on it. */
export function opened(): void {
  const tag = SCANNED.exec(location.pathname)?.[1];
  if (tag) history.replaceState(null, "", `/${location.search}` + route`#/report/${tag}`);
}

/** The thing that bears a code. */
export function useThing(tag: string | undefined) {
  return useQuery({
    queryKey: ["thing", tag],
    enabled: tag !== undefined,
    retry: false,
    staleTime: Infinity,
    queryFn: () => data(api.GET("/v1/things/{tag}", { params: { path: { tag: tag ?? "" } } })),
  });
}

/** What the thing says of the report: where, and what, as far as the public may choose that class. */
export function fromThing(thing: Thing, isChosen: (class_key: string) => boolean): Partial<ReportDraft> {
  return { place: { lon: thing.lon, lat: thing.lat, accuracy_m: null, how: "thing" }, address: "", class_key: isChosen(thing.class_key) ? thing.class_key : null };
}
