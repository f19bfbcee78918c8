/** What the wall draws of its figures. Pure. */
import { route } from "@/lib/paths";
import { both } from "@/words/words";
import type { Wall } from "./api";

/** `17 分钟`, `3 小时 5 分`, `2 天`. Units: seconds. */
export function left(seconds: number, language: string): string {
  const minutes = Math.max(0, Math.floor(Math.abs(seconds) / 60));
  return both(language, (each) => leftIn(minutes, each === "zh"));
}

function leftIn(minutes: number, zh: boolean): string {
  if (minutes < 60) return zh ? `${minutes} 分钟` : `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 10 && rest > 0) return zh ? `${hours} 小时 ${rest} 分` : `${hours} h ${rest} min`;
  if (minutes < 48 * 60) return zh ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 60)} h`;
  return zh ? `${Math.round(minutes / 1440)} 天` : `${Math.round(minutes / 1440)} d`;
}

/** How long a bar is, as a share of the longest; what is not nothing can be seen. */
export function share(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(0.012, Math.min(1, value / most));
}

/** The step in which most waits. */
export function fullest(wall: Wall): string | null {
  const waits = wall.flow.filter((each) => each.step !== "foresee" && (each.waiting ?? 0) > 0);
  const most = waits.reduce((best, each) => ((each.waiting ?? 0) > (best?.waiting ?? 0) ? each : best), waits[0]);
  return most?.step ?? null;
}

/** Where the console shows the same cases; nothing where its filters cannot say it. */
export function consoleOf(key: string): string | null {
  const [kind, ...rest] = key.split(".");
  const what = rest.join(".");
  if (kind === "lamp") return route`/console?lamp=${what}`;
  if (kind === "unit") return route`/console?unit=${what}`;
  return null;
}
