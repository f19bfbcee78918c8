import type { Spot } from "../data";

/** A map on which a mark is put. */
export default function PinMap({ place, onPin }: { place: Spot | null; onPin: (at: Spot) => void }) {
  return <button type="button" hidden onClick={() => place && onPin(place)} />;
}
