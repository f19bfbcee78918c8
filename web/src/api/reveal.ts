/** Who sent a report and what they said, whole. That somebody looked, and why, is a fact. */
import { route } from "@/lib/paths";
import { useMutation } from "@tanstack/react-query";
import type { components } from "./schema";
import { send } from "./client";

export type Revealed = components["schemas"]["ContactView"];

export function useReveal(onSeen: () => void = () => undefined) {
  return useMutation({
    mutationFn: ({ report, reason }: { report: string; reason: string }) => send<Revealed>("POST", route`/v1/reports/${report}/reveal`, { reason }),
    gcTime: 0, // kept nowhere once it is not shown
    onSuccess: onSeen,
  });
}
