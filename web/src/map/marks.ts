/** The marks of a room on the map: those that would lie under one finger share one, which opens up when it is touched. */
import { LngLatBounds, type Map as Library, Marker } from "maplibre-gl";
import { type RefObject, useEffect } from "react";
import { LAMPS, type LampColour } from "@/ui/ui";
import { type Datum, shownAt } from "./datum";
import { type Dot, fingerNow, together } from "./finger";
import css from "./map.module.css";
import type { Mark, Place } from "./types";
import { mapWords } from "./words";

type Heard = RefObject<{ onMark?: (id: string) => void }>;
type Say = ReturnType<typeof mapWords.use>;
const NEAREST = 19; // closer than this, things at one place stay at one place

/** Marks are drawn, and drawn anew whenever the map has come nearer or gone farther. */
export function useMarks(map: Library | null, marks: readonly Mark[], datum: Datum, latest: Heard): void {
  const say = mapWords.use();
  useEffect(() => {
    if (!map) return;
    let shown: Marker[] = [];
    const wipe = () => shown.forEach((each) => each.remove());
    const draw = () => {
      wipe();
      shown = drawn(map, marks, datum).map(({ group, at }) => new Marker({ element: elementOf(group, map, latest, say) }).setLngLat(at).addTo(map));
    };
    draw();
    map.on("zoomend", draw);
    map.on("resize", draw);
    return () => {
      wipe();
      map.off("zoomend", draw);
      map.off("resize", draw);
    };
  }, [map, marks, datum, latest, say]);
}

type Seen = Dot & { mark: Mark; at: [number, number] };

function drawn(map: Library, marks: readonly Mark[], datum: Datum): { group: [Seen, ...Seen[]]; at: [number, number] }[] {
  const seen = marks.map((mark): Seen => {
    const { lon, lat } = shownAt(mark as Place, datum);
    return { mark, at: [lon, lat], ...map.project([lon, lat]) };
  });
  const touched = together(seen.filter(({ mark }) => mark.kind !== "me"), fingerNow());
  const here = seen.filter(({ mark }) => mark.kind === "me").map((each): [Seen] => [each]);
  return [...here, ...touched].map((group) => ({ group, at: group[0].at })); // what is drawn later lies above
}

function elementOf(group: readonly [Seen, ...Seen[]], map: Library, latest: Heard, say: Say): HTMLElement {
  const [{ mark }] = group;
  const element = document.createElement(mark.kind === "me" ? "div" : "button");
  const says = group.length > 1 ? say("several", { what: mark.says, n: group.length }) : mark.says;
  element.className = css.mark ?? "";
  element.dataset.kind = mark.kind;
  element.setAttribute("aria-label", says);
  element.title = says;
  if (!(element instanceof HTMLButtonElement)) {
    element.setAttribute("role", "img");
    return element;
  }
  element.type = "button";
  element.textContent = mark.kind === "pin" ? "⬤" : LAMPS[mark.kind as LampColour];
  if (group.length > 1) element.dataset.more = String(group.length);
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    if (!opened(group, map)) latest.current.onMark?.(mark.id);
  });
  return element;
}

/** Go so near that the marks of a group part; false where there is nothing to part, or no nearer to go. */
function opened(group: readonly Seen[], map: Library): boolean {
  if (group.length === 1) return false;
  const around = group.reduce((box, each) => box.extend(each.at), new LngLatBounds());
  const apart = map.cameraForBounds(around, { padding: 48, maxZoom: NEAREST });
  if (!apart?.zoom || map.getZoom() >= NEAREST - 0.1 || apart.zoom <= map.getZoom() + 0.1) return false;
  map.easeTo({ ...apart, duration: 300 });
  return true;
}
