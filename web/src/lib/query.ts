/** How questions to the server are kept and asked again. */
import { QueryClient } from "@tanstack/react-query";

interface Told {
  status?: number;
}

/** A client that asks again only where an answer may come: never after a refusal. */
export function questions(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 2 && ((error as Told).status ?? 0) === 0,
        networkMode: "always", // the service worker may answer offline
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
