/** The duty grid, where I am, and the way of a shift: drawn from shapes that the phone has, so that it needs no network. */
import type { Spot } from "./near";
import css from "./work.module.css";
import { work } from "./words";

interface Shape {
  type?: string;
  coordinates?: unknown;
}
type Ring = readonly (readonly [number, number])[];
const WIDE = 390;
const HIGH = 240;
const EDGE = 14;

export function GridMap({ geometry, here, track }: { geometry: unknown; here: Spot | null; track: readonly { lon: number; lat: number }[] }) {
  const say = work.use();
  const rings = ringsOf(geometry as Shape | null);
  const points = [...rings.flat(), ...track.map((each) => [each.lon, each.lat] as const)];
  if (points.length === 0) return null;
  const to = frame(points);
  const spot = here ? to(here.lon, here.lat) : null;
  return (
    <svg className={css.grid} viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={say("drawn")}>
      {rings.map((ring, n) => (
        <path key={n} className={css.gridShape} d={`${line(ring, to)}Z`} />
      ))}
      {track.length > 1 && <path className={css.gridTrack} d={line(track.map((each) => [each.lon, each.lat] as const), to)} />}
      {spot && <circle className={css.gridHere} cx={spot[0]} cy={spot[1]} r={8} />}
    </svg>
  );
}

function line(points: Ring, to: (lon: number, lat: number) => readonly [number, number]): string {
  return points.map(([lon, lat], n) => `${n ? "L" : "M"}${to(lon, lat).map((each) => each.toFixed(1)).join(" ")}`).join("");
}

/** The outer rings of a polygon or several. */
export function ringsOf(shape: Shape | null): Ring[] {
  if (shape?.type === "Polygon") return [(shape.coordinates as Ring[])[0] ?? []];
  if (shape?.type === "MultiPolygon") return (shape.coordinates as Ring[][]).map((each) => each[0] ?? []);
  return [];
}

/** From degrees into the drawing, as wide as it goes without bending. */
function frame(points: Ring): (lon: number, lat: number) => readonly [number, number] {
  const lons = points.map(([lon]) => lon);
  const lats = points.map(([, lat]) => lat);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDE - 2 * EDGE) / Math.max((east - west) * shrink, 1e-6), (HIGH - 2 * EDGE) / Math.max(north - south, 1e-6));
  const left = (WIDE - (east - west) * shrink * scale) / 2;
  const top = (HIGH - (north - south) * scale) / 2;
  return (lon, lat) => [left + (lon - west) * shrink * scale, top + (north - lat) * scale] as const;
}
