/** The elder version: large type and targets, read aloud. Kept on the phone. */
import { useSyncExternalStore } from "react";

const KEY = "cityloop.elder";
const listeners = new Set<() => void>();
let on = read();

function read(): boolean {
  try {
    const asked = new URLSearchParams(location.search).get("elder");
    return asked === "1" || (asked !== "0" && localStorage.getItem(KEY) === "1");
  } catch {
    return false;
  }
}

/** Whether it is on, watched. */
export function useElder(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => on,
  );
}

/** Put it on the page as it was chosen last. */
export function wearElder(next = on): void {
  on = next;
  document.documentElement.dataset.density = on ? "elder" : "phone";
  try {
    localStorage.setItem(KEY, on ? "1" : "0");
  } catch {
    // a browser that keeps nothing wears it until it is closed
  }
  listeners.forEach((each) => each());
}
