/** What the room asks of the server, and what is made of it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data, send } from "@/api/client";

const board = () => data(api.GET("/v1/screens/duty"));
const week = (day: string) => data(api.GET("/v1/screens/duty/week", { params: { query: day ? { day } : {} } }));
export type Board = Awaited<ReturnType<typeof board>>;
export type Person = Board["on_duty"][number];
export type Gap = Board["gaps"][number];
export type Week = Awaited<ReturnType<typeof week>>;
export type WeekLine = Week["lines"][number];
export type Plan = WeekLine["plans"][number];
export type Box = readonly [number, number, number, number];

/** Who is on duty; asked again by itself, as nobody sits before it to press a button. */
export function useBoard(isShown: boolean) {
  return useQuery({ queryKey: ["duty", "board"], queryFn: board, enabled: isShown, refetchInterval: 30_000 });
}

export function useWeek(day: string, isShown: boolean) {
  return useQuery({ queryKey: ["duty", "week", day], queryFn: () => week(day), enabled: isShown, placeholderData: (before) => before });
}

export interface Hours {
  begins: string | null;
  ends: string | null;
  grid: string | null;
}

/** Set the hours of a post for some days, one after another; what was refused stops it. */
export function useRoster(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ post, days, hours }: { post: string; days: readonly string[]; hours: Hours }) => {
      for (const day of days) await send("POST", "/v1/duty/roster", { post, day, ...hours });
    },
    onSuccess: onDone,
    onSettled: () => void client.invalidateQueries({ queryKey: ["duty"] }),
  });
}

export type Standing = "out" | "silent" | "on";

/** How somebody on duty stands: outside the grid goes before silent. */
export function standing(person: Person): Standing {
  if (person.line.outside_since) return "out";
  return person.is_silent ? "silent" : "on";
}

const FIRST: Record<Standing, number> = { out: 0, silent: 1, on: 2 };

/** Who needs a look first. */
export function inNeed(people: readonly Person[]): Person[] {
  return [...people].sort((a, b) => FIRST[standing(a)] - FIRST[standing(b)] || a.name.localeCompare(b.name, "zh"));
}

/** The box around a grid's shape; null where it has none. */
export function boxOf(geometry: unknown): Box | null {
  const points: [number, number][] = [];
  const walk = (part: unknown) => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number" && typeof part[1] === "number") points.push([part[0], part[1]]);
    else part.forEach(walk);
  };
  walk((geometry as { coordinates?: unknown } | null)?.coordinates);
  if (points.length === 0) return null;
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** The posts whose names, people, grids or areas hold each of the words. */
export function matching(lines: readonly WeekLine[], asked: string): WeekLine[] {
  const sought = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const says = (line: WeekLine) => [...Object.values(line.post_name), ...Object.values(line.unit_name), ...Object.values(line.area_name), ...line.people, line.post, ...line.plans.map((plan) => plan.grid ?? "")].join(" ").toLowerCase();
  return sought.length === 0 ? [...lines] : lines.filter((line) => sought.every((each) => says(line).includes(each)));
}

/** A day so many days on. */
export function beside(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
