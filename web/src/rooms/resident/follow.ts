/** Pure: how a report's way is told to who reported it. */
import type { components } from "@/api/schema";
import type { LampColour } from "@/ui/ui";

export type Trail = components["schemas"]["Trail"];

const AGAIN = ["dispatched", "filed", "handling"];
const OVER = ["closed", "refused", "voided"];

/** The code of what happens next. */
export function nextOf(trail: Trail): string {
  const { judging, state, redos } = trail;
  if (state !== "closed" || !judging) return `track.next.${state}${redos && AGAIN.includes(state) ? "_again" : ""}`;
  if (judging.solved === "not" || judging.solved === "partly") return judging.is_open ? "track.next.closed_not" : "track.next.closed_over";
  if (judging.solved) return "track.next.closed_solved";
  return judging.is_open ? "track.next.closed_asked" : "track.next.closed_over";
}

/** Whether the city waits for the reporter's word. */
export function asksForWord(trail: Trail): boolean {
  return trail.judging?.is_open === true && !trail.judging.solved;
}

/** The lamp of a promise: red when it is broken, yellow in its last fifth. Grey: nothing runs. */
export function lampOf(since: string, due: string | null | undefined, now: number): LampColour {
  if (!due) return "grey";
  const [from, to] = [Date.parse(since), Date.parse(due)];
  if (now > to) return "red";
  return (now - from) / (to - from) >= 0.8 ? "yellow" : "green";
}

/** Whether its way has ended. */
export function isOver(trail: Trail): boolean {
  return OVER.includes(trail.state);
}

/** A code in groups of four, so that it can be read aloud. */
export function grouped(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}
