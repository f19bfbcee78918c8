/** What the map is asked for, and where the cases are. Pure. */
import type { CaseFilter, View } from "@/map";
import type { Line, Lists } from "./api";

const ON_TILES = new Set(["view", "waits", "state", "lamp", "unit", "area", "class_key", "order"]);

/** The same cases as a question to the map's tiles; null where tiles cannot tell them apart. */
export function filterOf(filters: Record<string, string>, lists: Lists | undefined): CaseFilter | null {
  if (Object.keys(filters).some((name) => !ON_TILES.has(name))) return null;
  const waits = filters.waits ? lists?.waits.find((each) => each.value === filters.waits)?.sets?.state : undefined;
  if (filters.waits && !waits) return null;
  const mine = filters.view === "mine" ? (lists?.mine ?? []) : [];
  if (filters.view === "mine" && mine.length === 0) return null;
  const states = waits?.split(" ") ?? mine; // of mine the map shows all that wait for such a deed, whoever's turn it is
  const state = filters.state ? (states.length === 0 || states.includes(filters.state) ? [filters.state] : []) : states;
  if (filters.state && state.length === 0) return null;
  return {
    open: filters.view !== "over",
    ...(state.length > 0 && { state }),
    ...(filters.lamp && { lamp: [filters.lamp] }),
    ...(filters.unit && { unit: filters.unit }),
    ...(filters.area && { area: filters.area }),
    ...(filters.class_key && { class_key: filters.class_key }),
  };
}

/** `lon,lat,zoom` of the address. */
export function viewOf(text: string | undefined): View | undefined {
  const [lon, lat, zoom] = (text ?? "").split(",").map(Number);
  return lon && lat && zoom ? { lon, lat, zoom } : undefined;
}

export interface Place {
  area: string;
  words: string;
  lines: Line[];
}

/** The places of the shown cases, the fullest first. */
export function placesOf(lines: readonly Line[]): Place[] {
  const found = new Map<string, Place>();
  for (const line of lines) {
    const area = line.case.street ?? line.case.district ?? "";
    const place = found.get(area) ?? { area, words: line.place, lines: [] };
    place.lines.push(line);
    found.set(area, place);
  }
  return [...found.values()].sort((a, b) => b.lines.length - a.lines.length);
}
