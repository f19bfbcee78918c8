/** What a map is told and what it tells. Places are in WGS 84 whatever the map is drawn in. */
import type { LampColour } from "@/ui/ui";

export interface Place {
  lon: number;
  lat: number;
}

/** Which cases are shown: the same words as in `GET /v1/cases`. */
export interface CaseFilter {
  state?: readonly string[];
  lamp?: readonly string[];
  /** Only the open (as where nothing is said), only the ended, or with null both. */
  open?: boolean | null;
  unit?: string;
  area?: string;
  class_key?: string;
  /** What everybody may see, whoever is signed in. */
  public?: boolean;
}

/** A case as its tile tells it. */
export interface SeenCase extends Place {
  id: string;
  state: string;
  class: string;
  lamp: LampColour | "none";
  urgency: number;
  /** Only its cell is known. */
  coarse: boolean;
}

/** Something that a room itself puts on the map. */
export interface Mark extends Place {
  id: string;
  says: string;
  kind: "me" | "pin" | LampColour;
}

/** An area that a room itself puts on the map, as GeoJSON in WGS 84; a red one is wanting something. */
export interface Shape {
  id: string;
  geometry: unknown;
  lamp: LampColour;
}

export interface View extends Place {
  zoom: number;
}

export interface MapViewProps {
  /** What the map is called for who cannot see it. */
  label: string;
  /** The cases on it; none where absent. */
  cases?: CaseFilter;
  selected?: string | null;
  onSelect?: (seen: SeenCase) => void;
  /** The cases that can be seen one by one now, the most urgent first: for the list beside the map. */
  onSeen?: (seen: SeenCase[], clustered: number) => void;
  marks?: readonly Mark[];
  onMark?: (id: string) => void;
  shapes?: readonly Shape[];
  /** Where the map begins; the whole city where absent. A new object goes there. */
  at?: View;
  /** The map begins with this box: west, south, east, north. A new box goes there. */
  box?: readonly [number, number, number, number];
  onMoved?: (at: View) => void;
  /** A pin stands in the middle and the map is moved beneath it: each place where it comes to rest is told. */
  onPick?: (place: Place) => void;
  /** When this changes, the cases are asked for again; unchanged tiles cost nothing. */
  fresh?: string | number;
  /** A wall shows no buttons and does not hear the wheel. */
  still?: boolean;
  /** How much larger names, numbers and lamps are drawn; 1 where absent. */
  scale?: number;
  className?: string;
}
