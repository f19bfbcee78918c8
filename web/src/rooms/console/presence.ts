/** Who else looks at the case: said every twenty seconds while the page is in sight. */
import { route } from "@/lib/paths";
import { useEffect, useState } from "react";
import { send } from "@/api/client";
import type { Looker } from "./api";

const EVERY_MS = 20_000;

/** The others who look at a case; `deed` is what I am writing. */
export function useLookers(id: string | undefined, deed: string | null): readonly Looker[] {
  const [found, setFound] = useState<{ id: string; others: Looker[] } | null>(null);
  useEffect(() => {
    if (!id) return undefined;
    let over = false;
    const look = async () => {
      if (document.visibilityState === "hidden") return;
      try {
        const others = await send<Looker[]>("PUT", route`/v1/cases/${id}/presence`, { deed });
        if (!over) setFound({ id, others });
      } catch {
        // nice to know, and no reason to trouble anybody
      }
    };
    const soon = setTimeout(() => void look(), 800); // who only passes by says nothing
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      over = true;
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [id, deed]);
  useEffect(() => {
    if (!id) return undefined;
    return () => void send("DELETE", route`/v1/cases/${id}/presence`).catch(() => undefined);
  }, [id]);
  return found && found.id === id ? found.others : [];
}
