/** What the map shows one by one, as a list would have it. Pure. */
import type { LampColour } from "@/ui/ui";
import { type Datum, placeOf } from "./datum";
import type { SeenCase } from "./types";

interface Feature {
  properties: Record<string, unknown>;
  geometry: { type: string; coordinates?: unknown };
}
const ORDER = ["red", "yellow", "green", "grey", "none"];

/** The cases of drawn features, each once, what is late first. */
export function seenIn(features: readonly Feature[], datum: Datum): SeenCase[] {
  const found = new Map<string, SeenCase>();
  for (const { properties, geometry } of features) {
    const [lon, lat] = geometry.coordinates as [number, number];
    const id = String(properties.id);
    found.set(id, {
      id,
      state: String(properties.state),
      class: String(properties.class),
      lamp: String(properties.lamp) as LampColour | "none",
      urgency: Number(properties.urgency ?? 0),
      coarse: properties.coarse === true,
      ...placeOf({ lon, lat }, datum),
    });
  }
  const rank = (each: SeenCase) => ORDER.indexOf(each.lamp);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || b.urgency - a.urgency || a.id.localeCompare(b.id));
}
