/** What the seat asks of work orders. */
import { route } from "@/lib/paths";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";

export const fetched = (id: string) => data(api.GET("/v1/orders/{order_id}", { params: { path: { order_id: id } } }));
export type Order = NonNullable<Awaited<ReturnType<typeof fetched>>>;
export type Line = Order["line"];
export type Waiting = "sign" | "contact" | "reply" | "hotline" | "call_back" | "nothing";

export const SHOWN = {
  hand: ["received", "signed", "returning", "replied"],
  answered: ["replied", "called_back"],
  over: ["returned", "withdrawn"],
  all: undefined,
} as const;
export type ShownOrders = keyof typeof SHOWN;

/** Orders as they stand, what is due first at the head of each page; of one number where it is given. */
export function useOrders(shown: ShownOrders, number: string) {
  return useInfiniteQuery({
    queryKey: ["orders", shown, number],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const states = SHOWN[shown];
      const query = { ...(states && !number ? { state: [...states] } : {}), ...(number ? { number } : {}), ...(pageParam ? { after: pageParam } : {}) };
      return data(api.GET("/v1/orders", { params: { query } }));
    },
    getNextPageParam: (page) => page?.next ?? undefined,
    refetchInterval: 30_000,
  });
}

/** Do something with an order, against the very version that was looked at. */
export function useOrderDeed(order: Order, onDone: () => void, refetch: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: { path: string; body?: unknown }) => send<Order>("POST", route`/v1/orders/${order.line.id}/${path}`, body ?? {}, { etag: `"${order.line.no}"` }),
    onSuccess: (found) => {
      client.setQueryData(["order", order.line.id], found);
      void client.invalidateQueries({ queryKey: ["orders"] });
      onDone();
    },
    onError: refetch, // somebody else may have been quicker: show how it stands, and keep what was typed
  });
}
