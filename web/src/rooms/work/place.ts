/** Where the phone is: asked for by a person, or while on duty; never kept by itself. */
import { useCallback, useEffect, useState } from "react";
import type { Spot } from "./near";

const FRESH: PositionOptions = { enableHighAccuracy: true, maximumAge: 15_000, timeout: 30_000 };

export interface Place {
  here: Spot | null;
  state: "off" | "looking" | "there" | "denied";
  locate: () => void;
}

/** The place, watched once it is wanted. */
export function usePlace(wanted: boolean): Place {
  const [asked, setAsked] = useState(false);
  const [here, setHere] = useState<Spot | null>(null);
  const [denied, setDenied] = useState(false);
  const on = asked || wanted;

  useEffect(() => {
    void navigator.permissions
      ?.query({ name: "geolocation" })
      .then((each) => each.state === "granted" && setAsked(true))
      .catch(() => undefined);
  }, []);

  useEffect(() => {
    if (!on || !navigator.geolocation) return undefined;
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        setDenied(false);
        setHere({ lon: coords.longitude, lat: coords.latitude, error_m: coords.accuracy });
      },
      () => setDenied(true),
      FRESH,
    );
    return () => navigator.geolocation.clearWatch(watch);
  }, [on]);

  const locate = useCallback(() => {
    setDenied(false);
    setAsked(true);
  }, []);
  const state = here ? "there" : denied ? "denied" : on ? "looking" : "off";
  return { here, state, locate };
}
