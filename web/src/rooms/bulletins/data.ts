/** What the room asks the server. */
import { asking } from "@/lib/address";
import { route } from "@/lib/paths";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Bulletin = Schemas["BulletinView"];
export type Job = Schemas["JobView"];
export type Subscription = Schemas["SubscriptionView"];
export type Asked = Schemas["BulletinAsked"];
export type Wanted = Schemas["Wanted"];
export type Furniture = Schemas["Furniture"];

export const KINDS = ["daily", "weekly", "monthly", "assessment", "theme"] as const;
const ASSESSED: readonly Schemas["SchemeView"]["objects"][] = ["unit", "district", "street"];
const LOOK_EVERY_MS = 700; // while something is being made
const going = (jobs: readonly Job[] | undefined) => jobs?.some((each) => each.state === "waiting" || each.state === "running") ?? false;

export function useBulletins() {
  return useInfiniteQuery({
    queryKey: ["bulletins"],
    initialPageParam: "",
    queryFn: ({ pageParam }) => send<{ items: Bulletin[]; next: string | null }>("GET", `/v1/bulletins${asking({ limit: "30", after: pageParam })}`),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** What was asked for, looked at again while it is being made; the list is read anew once it is. */
export function useJobs() {
  const known = useQueryClient();
  return useQuery({
    queryKey: ["bulletins", "jobs"],
    queryFn: async () => {
      const before = known.getQueryData<Job[]>(["bulletins", "jobs"]);
      const now = await data<Job[]>(api.GET("/v1/bulletins/jobs"));
      if (going(before) && now.filter((each) => each.state === "done").length !== before?.filter((each) => each.state === "done").length)
        void known.invalidateQueries({ queryKey: ["bulletins"], exact: true });
      return now;
    },
    refetchInterval: (query) => (going(query.state.data) ? LOOK_EVERY_MS : false),
  });
}

export function useAsk() {
  const known = useQueryClient();
  return useMutation({
    mutationFn: (asked: Asked) => send<Job>("POST", "/v1/bulletins/jobs", asked),
    onSuccess: () => known.invalidateQueries({ queryKey: ["bulletins", "jobs"] }),
  });
}

export function useSubscriptions() {
  return useQuery({ queryKey: ["bulletins", "wanted"], queryFn: () => data<Subscription[]>(api.GET("/v1/bulletins/subscriptions")) });
}

export function useSubscribe() {
  const known = useQueryClient();
  const again = () => known.invalidateQueries({ queryKey: ["bulletins", "wanted"] });
  const begin = useMutation({ mutationFn: (wanted: Wanted) => send("POST", "/v1/bulletins/subscriptions", wanted), onSuccess: again });
  const end = useMutation({ mutationFn: (id: string) => send("DELETE", route`/v1/bulletins/subscriptions/${id}`), onSuccess: again });
  return { begin, end };
}

/** The schemes by which an assessment may score: those of units and areas. */
export function useSchemes() {
  return useQuery({
    queryKey: ["scores", "schemes"],
    queryFn: async () => (await data<Schemas["SchemeView"][]>(api.GET("/v1/scores/schemes"))).filter((each) => ASSESSED.includes(each.objects)),
    staleTime: 300_000,
  });
}

export function useFurniture() {
  return useQuery({ queryKey: ["figures", "furniture"], queryFn: () => data<Furniture>(api.GET("/v1/screens/figures")), staleTime: 300_000 });
}
