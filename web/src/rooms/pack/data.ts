/** What the room asks the server, and what it sends. */
import { route } from "@/lib/paths";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import type { Change } from "./saying";

type Schemas = components["schemas"];
export type PackView = Schemas["PackView"];
export type Table = Schemas["TableView"];
export type Row = Schemas["RowView"];
export type Draft = Schemas["DraftView"];
export type Proposal = Schemas["PackProposalView"];
export type Trial = Schemas["TrialView"];
export type Line = Schemas["LineView"];
export type Version = Schemas["VersionView"];
export type Outcome = Schemas["Outcome"];

const WATCH_MS = 1_000;

export function usePack(version: string) {
  return useQuery({ queryKey: ["packs", version, "head"], queryFn: () => send<PackView>("GET", route`/v1/packs/${version}`), placeholderData: keepPreviousData });
}

export function useRows(version: string, table: string, q: string) {
  return useInfiniteQuery({
    queryKey: ["packs", version, table, q],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ limit: "100", ...(q && { q }), ...(pageParam && { after: pageParam }) });
      return send<Schemas["RowsView"]>("GET", route`/v1/packs/${version}/${table}?${asked}`);
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useChanges(version: string, against = "current") {
  return useQuery({
    queryKey: ["packs", version, "changes", against],
    queryFn: () => send<{ old: string; new: string; items: Change[] }>("GET", route`/v1/packs/${version}/changes?against=${against}`),
  });
}

export const useVersions = () => useQuery({ queryKey: ["packs", "versions"], queryFn: () => data<Version[]>(api.GET("/v1/packs/versions")) });
export const useDrafts = () => useQuery({ queryKey: ["packs", "drafts"], queryFn: () => data<Draft[]>(api.GET("/v1/packs/drafts")) });
export const useDraft = (id: string) => useQuery({ queryKey: ["packs", "drafts", id], queryFn: () => send<Draft>("GET", route`/v1/packs/drafts/${id}`), enabled: id !== "" });
export const useProposals = () => useQuery({ queryKey: ["packs", "proposals"], queryFn: async () => (await send<{ items: Proposal[] }>("GET", "/v1/packs/proposals")).items });
export const useTrials = () => useQuery({ queryKey: ["packs", "trials"], queryFn: () => data<Trial[]>(api.GET("/v1/packs/trials")), refetchInterval: (query) => (query.state.data?.some(running) ? WATCH_MS : false) });
export const useTrial = (id: string) => useQuery({ queryKey: ["packs", "trials", id], queryFn: () => send<Trial>("GET", route`/v1/packs/trials/${id}`), refetchInterval: (query) => (running(query.state.data) ? WATCH_MS : false) });

export function running(trial: Trial | undefined): boolean {
  return trial?.state === "waiting" || trial?.state === "running";
}

/** Proposals with the version of the whole that a decision must have seen. */
export function useProposal(id: string) {
  return useQuery({
    queryKey: ["packs", "proposals", id],
    queryFn: async () => {
      const answer = await api.GET("/v1/packs/proposals/{proposal_id}", { params: { path: { proposal_id: id } } });
      return { proposal: answer.data as Proposal, etag: answer.response.headers.get("etag") ?? "" };
    },
  });
}

export function useLines(id: string, asked: { kind: string; changed: string; unknown: string }) {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  return useInfiniteQuery({
    queryKey: ["packs", "trials", id, "lines", given],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => {
      const said = new URLSearchParams({ ...given, limit: "50", ...(pageParam && { after: pageParam }) });
      return send<{ items: Line[]; next: string | null }>("GET", route`/v1/packs/trials/${id}/lines?${said}`);
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** The names of units, classes and areas of the version in force. */
export function useNames() {
  return useQuery({ queryKey: ["figures", "furniture"], queryFn: () => data<Schemas["Furniture"]>(api.GET("/v1/screens/figures")), staleTime: 300_000 });
}

/** Send something; whatever is known of packs is asked again afterwards. */
export function useSend<T, R>(work: (given: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => client.invalidateQueries({ queryKey: ["packs"] }) });
}

export const makeDraft = () => send<Draft>("POST", "/v1/packs/drafts", {});
export const dropDraft = (id: string) => send("DELETE", route`/v1/packs/drafts/${id}`);
export const setRow = (draft: Draft, table: string, cells: Record<string, string>) => send<Draft>("POST", route`/v1/packs/drafts/${draft.id}/edits`, { no: draft.no, rows: [{ table, cells }] });
export const setDuties = (draft: Draft, duties: unknown) => send<Draft>("POST", route`/v1/packs/drafts/${draft.id}/edits`, { no: draft.no, duties });
export const dutiesOf = (version: string) => send<Jdm>("GET", route`/v1/packs/${version}/duties.jdm.json`);
export const ask = (given: { version: string; from: string; to: string }) => send<Trial>("POST", "/v1/packs/trials", given);
export const propose = (draft: string) => send<Proposal>("POST", "/v1/packs/proposals", { draft });
export const decide = (id: string, what: "approval" | "rejection" | "withdrawal", etag: string, body?: unknown) => send<Proposal>("POST", route`/v1/packs/proposals/${id}/${what}`, body, { etag });

/** A decision as the JDM editor saves it, as far as we look into it. */
export interface Jdm {
  nodes: { id: string; type: string; content?: { inputs: Field[]; outputs: Field[]; rules: Record<string, string>[] } }[];
}

interface Field {
  id: string;
  field: string;
  name?: string;
}

/** The decision with cells of one row changed, by their fields. */
export function withRow(jdm: Jdm, id: string, cells: Record<string, string>): Jdm {
  return {
    ...jdm,
    nodes: jdm.nodes.map((node) => {
      if (node.type !== "decisionTableNode" || !node.content) return node;
      const fields = [...node.content.inputs, ...node.content.outputs];
      const rules = node.content.rules.map((rule) => (rule._id === id ? { ...rule, ...Object.fromEntries(fields.filter((each) => each.field in cells).map((each) => [each.id, cells[each.field] ?? ""])) } : rule));
      return { ...node, content: { ...node.content, rules } };
    }),
  };
}
