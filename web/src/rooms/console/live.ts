/** What happens in the city, as far as one may read it, brings the lists and the case up to date without a reload. */
import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { listen } from "@/lib/live";

const EVERY_MS = 2_000; // lists are asked again at most so often

/** Whether the page is live; null where the caller may not follow facts. */
export function useLive(mayFollow: boolean): boolean | null {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (!mayFollow) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lists = () => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: ["queue"] });
      void client.invalidateQueries({ queryKey: ["counts"] });
    };
    const stop = listen((facts) => {
      const touched = new Set(facts.map((fact) => fact.subject).filter((subject) => subject.startsWith("case/")));
      touched.forEach((subject) => void client.invalidateQueries({ queryKey: ["case", subject.slice("case/".length)] }));
      if (touched.size > 0) timer ??= setTimeout(lists, EVERY_MS);
    }, setLive);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, mayFollow]);
  return mayFollow ? live : null;
}
