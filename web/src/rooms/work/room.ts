/** What every page of the room stands on: the list, the place, the shift. Filled by `Work`. */
import { createContext, useContext } from "react";
import type { WorkScreen } from "./data";
import type { Duty } from "./duty";
import type { Place } from "./place";

export interface Room {
  account: string;
  screen: WorkScreen | undefined;
  place: Place;
  duty: Duty;
}

export const RoomContext = createContext<Room | null>(null);

/** The room. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("outside the room");
  return room;
}

/** Whether I may do something, as the last answer said. */
export function mayI(screen: WorkScreen | undefined, permission: string): boolean {
  return screen?.me.permissions.includes(permission) ?? false;
}
