/** What the rooms of scores and budget ask the server. */
import { route } from "@/lib/paths";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Scheme = Schemas["SchemeView"];
export type SheetOf = Schemas["ScoreSheetView"];
export type Score = Schemas["Score"];
export type Line = Schemas["Line"];
export type Simulated = Schemas["BudgetSimulated"];
export type Proposal = Schemas["BudgetView"];

export const PERIODS = ["day", "week", "month", "quarter", "year"] as const;
export type Period = (typeof PERIODS)[number];

export interface Chosen {
  scheme: string;
  period: Period;
  on: string;
}

export function useSchemes(chosen: Pick<Chosen, "period" | "on">) {
  const query = { period: chosen.period, on: chosen.on };
  return useQuery({ queryKey: ["scores", "schemes", query], queryFn: () => data<Scheme[]>(api.GET("/v1/scores/schemes", { params: { query } })), placeholderData: keepPreviousData });
}

export function useSheet(query: Chosen, enabled: boolean) {
  return useQuery({ queryKey: ["scores", "sheet", query], queryFn: () => data<SheetOf>(api.GET("/v1/scores", { params: { query } })), enabled, placeholderData: keepPreviousData });
}

/** Our own use, by function and day. */
export function useUse(chosen: Pick<Chosen, "period" | "on">) {
  const query = { period: chosen.period, on: chosen.on };
  return useQuery({ queryKey: ["scores", "use", query], queryFn: () => data<Schemas["UseView"]>(api.GET("/v1/scores/use", { params: { query } })), placeholderData: keepPreviousData });
}

export function usePeople(objects: readonly string[]) {
  const ids = objects.filter((each) => each.startsWith("account:")).map((each) => each.slice(8)).slice(0, 300);
  return useQuery({ queryKey: ["scores", "people", ids], queryFn: () => send<Record<string, string>>("GET", route`/v1/screens/figures/people?ids=${ids.join(",")}`), enabled: ids.length > 0 });
}

/** A case behind a number. */
export interface Behind {
  case_id: string | null;
  number: string | null;
  says: string;
}

export const CASES = 100;

/** The cases behind a line: of figures those below the line, of the others what was answered. */
export async function behind(chosen: Chosen, by: string, line: Line, object: string, isFigure: boolean): Promise<Behind[]> {
  const [top = ""] = (line.metric ?? "").split("/");
  if (isFigure || (line.metric ?? "").includes("/")) {
    const isRate = isFigure && line.number?.denominator !== null;
    const asked = new URLSearchParams({ by, period: chosen.period, on: chosen.on, metric: top, part: isRate ? "denominator" : "numerator", limit: String(CASES) });
    if (by !== "all") asked.set("group", object);
    const page = await send<{ items: Schemas["Item"][] }>("GET", route`/v1/figures/cases?${asked}`);
    return page.items.map((each) => ({ case_id: each.case_id ?? null, number: each.number ?? null, says: each.outcome ?? "" }));
  }
  const rows = await data<Schemas["CaseBehind"][]>(api.GET("/v1/scores/cases", { params: { query: { ...chosen, indicator: line.indicator, object } } }));
  return rows.map((each) => ({ case_id: each.case_id ?? null, number: null, says: each.says }));
}

export function useSimulation(chosen: Chosen, ends: { above?: number; below?: number }, enabled: boolean) {
  const query = { ...chosen, ...ends };
  return useQuery({ queryKey: ["budget", "simulation", query], queryFn: () => data<Simulated[]>(api.GET("/v1/budgets/simulation", { params: { query } })), enabled, placeholderData: keepPreviousData });
}

export function useProposals() {
  return useQuery({ queryKey: ["budget", "proposals"], queryFn: () => data<Proposal[]>(api.GET("/v1/budgets")) });
}

function useDeed<T>(deed: (asked: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: deed, onSettled: () => void client.invalidateQueries({ queryKey: ["budget", "proposals"] }) });
}

export function usePropose() {
  return useDeed((asked: Chosen) => send("POST", "/v1/budgets", asked, { key: crypto.randomUUID() }));
}

export function useDecide() {
  return useDeed(({ id, taken }: { id: string; taken: number[] }) => send("POST", route`/v1/budgets/${id}/decision`, { taken }, { key: crypto.randomUUID() }));
}
