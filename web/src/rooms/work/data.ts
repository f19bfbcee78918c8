/** What the room asks of the server, and what the phone knows without one. */
import { asking } from "@/lib/address";
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { useAccount } from "@/api/session";
import { useLanguage } from "@/words/words";

type Schemas = components["schemas"];
export type WorkScreen = Schemas["WorkScreen"];
export type HelpedOf = Schemas["Helped"];
export type WorkItem = Schemas["WorkItem"];
export type DeedView = Schemas["DeedView"];
export type FieldView = Schemas["FieldView"];
export type DutyView = Schemas["DutyView"];
export type ShiftView = Schemas["ShiftView"];
export type GridView = Schemas["GridView"];
export type ComponentView = Schemas["ComponentView"];
export type ChangeView = Schemas["ChangeView"];
export type MyFigures = Schemas["MyFigures"];
export type Brief = Schemas["Brief"];
export type Lists = Schemas["Lists"];
export type VisitTask = Schemas["VisitTask"];
export type PointView = Schemas["SurveyPointView"];

/** An answer that is there without a network, too. */
function useKept<T>(name: string, path: string, more: { every_ms?: number; stale_ms?: number; off?: boolean } = {}) {
  const account = useAccount();
  return useQuery({
    queryKey: ["work", name, account, path],
    queryFn: () => send<T>("GET", path, undefined, { keep: account }),
    enabled: account !== "" && !more.off,
    refetchInterval: more.every_ms,
    staleTime: more.stale_ms ?? 10_000,
  });
}

/** What is next, with every form: enough to work without a network. */
export function useWork() {
  const language = useLanguage();
  return useKept<WorkScreen>("next", route`/v1/screens/work?lang=${language}`, { every_ms: 60_000 });
}

/** What helped last time, for a case like this. */
export function useHelped(id: string, wanted: boolean) {
  const language = useLanguage();
  return useKept<HelpedOf>("helped", route`/v1/cases/${id}/helped?lang=${language}`, { off: !wanted, stale_ms: 60_000 });
}

/** What the photos before and after say. */
export function useCompared(id: string, wanted: boolean) {
  const language = useLanguage();
  return useKept<Schemas["ComparedPhotos"]>("compared", route`/v1/cases/${id}/compared?lang=${language}`, { off: !wanted, stale_ms: 600_000 });
}

/** My shift, plan and last shifts. */
export function useDuty(able: boolean) {
  return useKept<DutyView>("duty", "/v1/duty", { off: !able });
}

/** The shape of what I answer for today. */
export function useGrid(able: boolean) {
  return useKept<GridView>("grid", "/v1/duty/grid", { off: !able, stale_ms: 600_000 });
}

/** What forms choose from. */
export function useLists() {
  const language = useLanguage();
  return useKept<Lists>("lists", route`/v1/screens/lists?lang=${language}`, { stale_ms: 600_000 });
}

/** A leader's morning. */
export function useBrief(day: string) {
  const language = useLanguage();
  return useKept<Brief>("brief", `/v1/screens/brief${asking({ lang: language, day })}`);
}

/** My own numbers. */
export function useFigures(period: string, able: boolean) {
  const language = useLanguage();
  return useKept<MyFigures>("figures", route`/v1/screens/work/figures?lang=${language}&period=${period}`, { off: !able });
}

/** The points that I look at, with all that is looked for there: enough to work without a network. */
export function useVisits(able: boolean) {
  return useKept<VisitTask[]>("visits", "/v1/survey/visits", { off: !able, every_ms: 120_000 });
}

/** The register around a place. */
export function useAround(lon: number | undefined, lat: number | undefined) {
  return useQuery({
    queryKey: ["work", "around", lon, lat],
    enabled: lon !== undefined && lat !== undefined,
    queryFn: () => data(api.GET("/v1/components", { params: { query: { lon: lon ?? 0, lat: lat ?? 0, radius_m: 200 } } })),
  });
}

export interface Thing {
  tag: string;
  component: string;
  class_key: string;
  class_name: Record<string, string>;
  lon: number;
  lat: number;
}

/** The thing that bears a code. */
export function thingOf(tag: string): Promise<Thing> {
  return send<Thing>("GET", route`/v1/things/${tag}`);
}
