/** The map of what waits: a third of the screen, put away by a touch. Everything on it stands in the list below. */
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { type Mark, MapView } from "@/map";
import type { LampColour } from "@/ui/ui";
import type { WorkItem } from "./data";
import { type Box, type Spot, together } from "./near";
import css from "./work.module.css";
import { work } from "./words";

const KEPT = "cityloop.work.map";
const MARGIN = 0.0015; // degrees: so that no mark lies on the edge

export function WorkMap({ items, here }: { items: readonly WorkItem[]; here: Spot | null }) {
  const say = work.use();
  const [, go] = useLocation();
  const box = useBox(items);
  const marks = useMemo(() => marksOf(items, here, box, say), [items, here, box, say]);
  if (!box) return null;
  return <MapView className={css.map} label={say("map")} marks={marks} box={box} onMark={(id) => id !== "me" && go(`/work/case/${id}`)} />;
}

/** Whether the map is shown, remembered on the phone. */
export function useMapOpen(): [boolean, () => void] {
  const [open, setOpen] = useState(() => read() !== "shut");
  const toggle = () => {
    keep(open ? "shut" : "open");
    setOpen(!open);
  };
  return [open, toggle];
}

/** A mark for each case; those that would lie under one finger share one. */
function marksOf(items: readonly WorkItem[], here: Spot | null, box: Box | null, say: ReturnType<typeof work.use>): Mark[] {
  const placed = items.flatMap((item) => (item.lon != null && item.lat != null ? [{ item, lon: item.lon, lat: item.lat }] : []));
  const marks = together(placed, box).map(([first, ...more]): Mark => ({
    id: first.item.id, lon: first.lon, lat: first.lat, kind: (first.item.lamp ?? "grey") as LampColour,
    says: more.length > 0 ? say("several", { what: first.item.title, n: more.length + 1 }) : first.item.title,
  })); // prettier-ignore
  const alone = here && together([...marks, here], box).some((group) => group.length === 1 && group[0] === here);
  return here && alone ? [...marks, { id: "me", lon: here.lon, lat: here.lat, says: say("me"), kind: "me" }] : marks;
}

/** The box around what waits; new only when other things wait, so that the map does not jump under a finger. */
function useBox(items: readonly WorkItem[]): Box | null {
  const placed = items.filter((item) => item.lon != null && item.lat != null);
  const named = placed.map((item) => `${item.lon},${item.lat}`).join(" ");
  return useMemo(() => {
    const points = named.split(" ").filter(Boolean).map((each) => each.split(",").map(Number) as [number, number]);
    if (points.length === 0) return null;
    const lons = points.map(([lon]) => lon);
    const lats = points.map(([, lat]) => lat);
    return [Math.min(...lons) - MARGIN, Math.min(...lats) - MARGIN, Math.max(...lons) + MARGIN, Math.max(...lats) + MARGIN] as const;
  }, [named]);
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value: string): void {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // a browser that keeps nothing opens it again
  }
}
