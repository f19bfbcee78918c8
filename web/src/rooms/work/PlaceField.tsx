/** A place: where the phone is, and a pin to put it right by some metres. */
import { useState } from "react";
import { MapView } from "@/map";
import { Button, Notice } from "@/ui/ui";
import type { Spot } from "./near";
import { useRoom } from "./room";
import css from "./work.module.css";
import { work } from "./words";

interface Given {
  value: Spot | null;
  says?: string; // where the place comes from, if not from here
  onChange: (spot: Spot) => void;
}

export function PlaceField({ value, says, onChange }: Given) {
  const say = work.use();
  const { place } = useRoom();
  const [asked, setAsked] = useState(false);
  const [pin, setPin] = useState<{ lon: number; lat: number; zoom: number } | null>(null);
  if (asked && place.here) {
    setAsked(false);
    onChange(place.here);
  }
  return (
    <section aria-label={say("place")}>
      <h2>{say("place")}</h2>
      <div className={css.tools}>
        <Button
          onClick={() => {
            place.locate();
            if (place.here) onChange(place.here);
            else setAsked(true);
          }}
        >
          ◎ {say(asked && place.state === "looking" ? "locating" : "placeHere")}
        </Button>
        {value && (
          <Button aria-expanded={pin !== null} onClick={() => setPin(pin ? null : { lon: value.lon, lat: value.lat, zoom: 18 })}>
            {say("pin")}
          </Button>
        )}
      </div>
      {place.state === "denied" && <Notice tone="wrong">{say("noPlace")}</Notice>}
      {value && <p role="status">{says ?? say("placeIs", { lat: value.lat.toFixed(5), lon: value.lon.toFixed(5), m: Math.round(value.error_m) })}</p>}
      {pin && <MapView className={css.map} label={say("pinHint")} at={pin} onPick={(picked) => onChange({ ...picked, error_m: 2 })} />}
    </section>
  );
}
