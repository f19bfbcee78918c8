/** Light or dark, and how close things stand; kept on the device. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";
export type Density = "desk" | "phone" | "elder";
const THEME = "cityloop.theme";
const listeners = new Set<() => void>();
let theme: Theme = (kept(THEME) as Theme | null) ?? "system";

function kept(key: string): string | null {
  try {
    return globalThis.localStorage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

function dark(): boolean {
  return theme === "dark" || (theme === "system" && globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches);
}

function show(): void {
  document.documentElement.dataset.theme = dark() ? "dark" : "light";
  listeners.forEach((each) => each());
}

/** Put the theme on the page, and follow the system where it decides. */
export function dress(density: Density): void {
  document.documentElement.dataset.density = density;
  globalThis.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", show);
  const asked = new URLSearchParams(location.search).get("theme");
  if (asked === "light" || asked === "dark") theme = asked;
  show();
}

/** Choose a theme, and remember it. */
export function wear(next: Theme): void {
  theme = next;
  try {
    localStorage.setItem(THEME, next);
  } catch {
    // a browser that keeps nothing wears it until it is closed
  }
  show();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the page is dark now, watched (maps and charts draw by it). */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, dark);
}

/** The theme that was chosen, watched. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}
