/** Places in WGS 84 and as GCJ-02 maps show them: the same reckoning as the server's `domain/place.py`. */
import type { Place } from "./types";

const A = 6_378_245;
const E2 = 0.006693421622965943;
const WEST = 72.004;
const SOUTH = 0.8293;
const EAST = 137.8347;
const NORTH = 55.8271;
const STEPS = 12;
const ENOUGH = 1e-10; // degrees

export type Datum = "wgs84" | "cgcs2000" | "gcj02";

/** Where a place is drawn on a map of this datum. CGCS2000 and WGS 84 differ by centimetres. */
export function shownAt(place: Place, datum: Datum): Place {
  return datum === "gcj02" && inBox(place) ? moved(place) : place;
}

/** The place that is drawn there. */
export function placeOf(shown: Place, datum: Datum): Place {
  if (datum !== "gcj02" || !inBox(shown)) return shown;
  let { lon, lat } = shown;
  for (let step = 0; step < STEPS; step += 1) {
    const at = moved({ lon, lat });
    const [east, north] = [at.lon - shown.lon, at.lat - shown.lat];
    lon -= east;
    lat -= north;
    if (Math.abs(east) < ENOUGH && Math.abs(north) < ENOUGH) break;
  }
  return { lon, lat };
}

function inBox({ lon, lat }: Place): boolean {
  return lon >= WEST && lon <= EAST && lat >= SOUTH && lat <= NORTH;
}

function moved({ lon, lat }: Place): Place {
  const { PI, sin, cos, sqrt, abs } = Math;
  const x = lon - 105;
  const y = lat - 35;
  const root = sqrt(abs(x));
  const wave = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave;
  north += ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3;
  north += ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave;
  east += ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3;
  east += ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const turn = (lat / 180) * PI;
  const magic = 1 - E2 * sin(turn) ** 2;
  const perLat = (((A * (1 - E2)) / (magic * sqrt(magic))) * PI) / 180;
  const perLon = ((A / sqrt(magic)) * cos(turn) * PI) / 180;
  return { lon: lon + east / perLon, lat: lat + north / perLat };
}
