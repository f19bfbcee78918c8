/** What the room of evaluation tasks asks of the server, and the names that it needs. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";
import { named, useLanguage } from "@/words/words";

type Schemas = components["schemas"];
export type Task = Schemas["SurveyTaskView"];
export type Line = Schemas["SurveyTaskLine"];
export type Sheet = Schemas["SurveySheetView"];
export type Point = Schemas["SurveyPointView"];
export type Form = Schemas["SurveyFormView"];
export type NewTask = Schemas["SurveyTaskAsked"];
export type Who = NewTask["who"];

const KEY = ["survey"];

export function useForms() {
  return useQuery({ queryKey: [...KEY, "forms"], queryFn: () => data(api.GET("/v1/survey/forms")), staleTime: Infinity });
}

export function useVisitors(able: boolean) {
  return useQuery({ queryKey: [...KEY, "visitors"], queryFn: () => data(api.GET("/v1/survey/visitors")), staleTime: Infinity, enabled: able });
}

export function useTasks(able: boolean) {
  return useQuery({ queryKey: [...KEY, "tasks"], queryFn: () => data(api.GET("/v1/survey/tasks", { params: { query: { limit: 100 } } })), enabled: able });
}

export function useTask(id: string) {
  return useQuery({ queryKey: [...KEY, "task", id], queryFn: () => data(api.GET("/v1/survey/tasks/{task_id}", { params: { path: { task_id: id } } })) });
}

export function useSheets(able: boolean) {
  return useQuery({ queryKey: [...KEY, "sheets"], queryFn: () => data(api.GET("/v1/survey/sheets")), enabled: able });
}

export function useSaidWords(task: string, form: string, object: string) {
  const query = { form, object };
  return useQuery({
    queryKey: [...KEY, "words", task, form, object],
    queryFn: () => data(api.GET("/v1/survey/tasks/{task_id}/words", { params: { path: { task_id: task }, query } })),
  });
}

interface Deed {
  path: string;
  body?: unknown;
  no?: number; // the version that was seen
}

/** Whatever is done here; all that the room shows is asked for anew. */
export function useDeed() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body, no }: Deed) => send<{ id?: string }>("POST", path, body, no === undefined ? { key: crypto.randomUUID() } : { etag: `"${no}"` }),
    onSettled: () => void client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Names of objects, forms and indicators in the language shown. */
export function useNames() {
  const language = useLanguage();
  const { data: areas } = useQuery({ queryKey: ["areas"], queryFn: () => data(api.GET("/v1/public/areas")), staleTime: Infinity });
  const { data: known } = useQuery({ queryKey: ["catalogue"], queryFn: () => data(api.GET("/v1/public/catalogue")), staleTime: Infinity });
  const forms = useForms().data ?? [];
  const say = (words: Record<string, string> | undefined) => named(words ?? {}, language);
  const places = new Map((areas ?? []).map((each) => [each.code, say(each.name)]));
  const units = new Map((known?.units ?? []).map((each) => [each.id, say(each.name)]));
  const formOf = (code: string) => say(forms.find((each) => each.code === code)?.name) || code;
  const parts = forms.flatMap((each) => [...each.indicators, ...each.items, { code: each.code, name: each.name }]);
  const share = /_participation$/;
  const indicatorOf = (code: string): string => {
    if (share.test(code)) return `${formOf(code.replace(share, ""))} · %`;
    return say(parts.find((each) => each.code === code)?.name) || code;
  };
  const listed = (some: readonly string[]) => some.join(language.startsWith("zh") ? "、" : ", ");
  const streets = [...places].filter(([code]) => code.length <= 9).sort();
  return { objectOf: (id: string) => units.get(id) ?? places.get(id) ?? id, formOf, indicatorOf, listed, objects: [...streets, ...units] };
}
