/** What happens in the city, as far as one may read it, brings the lists and the case up to date without a reload. */
import { useEffect, useState } from "react";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { listen } from "@/lib/live";
import { paced } from "@/lib/paced";

const REST_MS = 2_000; // before lists are asked again

/** Whether the page is live; null where the caller may not follow facts. */
export function useLive(mayFollow: boolean): boolean | null {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (!mayFollow) return undefined;
    const lists = paced(async () => {
      if (await renewLists(client)) lists.ask();
    }, REST_MS);
    const stop = listen({
      onFacts: (facts) => {
        const touched = new Set(facts.map((fact) => fact.subject).filter((subject) => subject.startsWith("case/")));
        touched.forEach((subject) => void client.invalidateQueries({ queryKey: ["case", subject.slice("case/".length)] }));
        if (touched.size > 0) lists.ask();
      },
      onState: setLive,
      onBack: () => {
        void client.invalidateQueries({ queryKey: ["case"] });
        lists.ask();
      },
    });
    return () => {
      lists.stop();
      stop();
    };
  }, [client, mayFollow]);
  return mayFollow ? live : null;
}

/** Ask for the lists again. One that is being asked for already is left to end, as all its pages come one after another; answers
 * whether there was such a one, since it may have begun before what happened. */
async function renewLists(client: QueryClient): Promise<boolean> {
  const keys = [["queue"], ["counts"]];
  const joined = keys.some((queryKey) => client.isFetching({ queryKey }) > 0);
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }, { cancelRefetch: false })));
  return joined;
}
