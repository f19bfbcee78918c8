/** Where the phone is, asked only when somebody wants it, or has allowed it before. */
import { useEffect, useState } from "react";
import { onShelf, toShelf } from "@/offline";
import type { City, Spot } from "./data";

export type Found = { lon: number; lat: number; accuracy_m: number };
export type NoGps = "gpsDenied" | "gpsAway";
const WAIT_MS = 15_000;
const ASKED_MS = 30_000; // a browser's question that nobody answers counts no time of its own

/** The place of the phone, or why not. */
export function locate(): Promise<Found> {
  return new Promise((done, fail) => {
    if (!navigator.geolocation) return fail("gpsAway" satisfies NoGps);
    setTimeout(() => fail("gpsAway" satisfies NoGps), ASKED_MS);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: six(coords.longitude), lat: six(coords.latitude), accuracy_m: Math.round(coords.accuracy) }),
      (error) => fail((error.code === error.PERMISSION_DENIED ? "gpsDenied" : "gpsAway") satisfies NoGps),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 30_000 },
    );
  });
}

/** Six decimals: ten centimetres, more than any phone knows. */
export function six(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

/** Whether the phone may be asked without a question to the person. */
export async function allowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state === "granted";
  } catch {
    return false;
  }
}

/** Where "nearby" is: the phone where that is allowed, else where it was last, else the middle of the city. */
export function useHere(city: City | undefined): { here: Spot | null; sure: boolean; go: (to: Spot) => void } {
  const [here, setHere] = useState<Spot | null>(null);
  useEffect(() => {
    let gone = false;
    void (async () => {
      const kept = await onShelf<Spot>("here").catch(() => undefined);
      if (kept && !gone) setHere((before) => before ?? kept);
      if (!(await allowed())) return;
      const found = await locate().catch(() => null);
      if (found && !gone) setHere(found);
    })();
    return () => {
      gone = true;
    };
  }, []);
  const middle = city ? { lon: ((city.bounds[0] ?? 0) + (city.bounds[2] ?? 0)) / 2, lat: ((city.bounds[1] ?? 0) + (city.bounds[3] ?? 0)) / 2 } : null;
  const inside = here && city && within(here, city.bounds) ? here : null;
  return {
    here: inside ?? middle,
    sure: inside !== null,
    go: (to) => {
      setHere(to);
      void toShelf("here", { lon: to.lon, lat: to.lat }).catch(() => undefined);
    },
  };
}

/** Whether a place lies in a box: west, south, east, north. */
export function within(at: Spot, bounds: readonly number[]): boolean {
  const [west = -180, south = -90, east = 180, north = 90] = bounds;
  return at.lon >= west && at.lon <= east && at.lat >= south && at.lat <= north;
}
