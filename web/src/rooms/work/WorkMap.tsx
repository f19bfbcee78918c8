/** The map of what waits: a third of the screen, put away by a touch. Everything on it stands in the list below. */
import { route } from "@/lib/paths";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { type Mark, MapView } from "@/map";
import type { LampColour } from "@/ui/ui";
import type { WorkItem } from "./data";
import type { Spot } from "./near";
import css from "./work.module.css";
import { work } from "./words";

type Box = readonly [west: number, south: number, east: number, north: number];
const KEPT = "cityloop.work.map";
const MARGIN = 0.0015; // degrees: so that no mark lies on the edge

export function WorkMap({ items, here }: { items: readonly WorkItem[]; here: Spot | null }) {
  const say = work.use();
  const [, go] = useLocation();
  const box = useBox(items);
  const marks = useMemo(() => marksOf(items, here, say), [items, here, say]);
  if (!box) return null;
  return <MapView className={css.map} label={say("map")} marks={marks} box={box} onMark={(id) => go(route`/work/case/${id}`)} />;
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

function marksOf(items: readonly WorkItem[], here: Spot | null, say: ReturnType<typeof work.use>): Mark[] {
  const marks = items.flatMap((item): Mark[] =>
    item.lon != null && item.lat != null
      ? [{ id: item.id, lon: item.lon, lat: item.lat, kind: (item.lamp ?? "grey") as LampColour, says: item.title }]
      : [],
  );
  return here ? [...marks, { id: "me", lon: here.lon, lat: here.lat, says: say("me"), kind: "me" }] : marks;
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
