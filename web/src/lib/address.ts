/** What the address says: filters, selection and zoom live there, so that a page can be sent to a colleague. */
import { useSearch, useLocation } from "wouter";

export type Asked = Record<string, string | undefined>;

/** The questions of the address, and how to change some: undefined or "" takes one out. */
export function useAsked(): [Record<string, string>, (change: Asked, replace?: boolean) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const asked = Object.fromEntries(new URLSearchParams(search));
  return [asked, (change, replace = true) => go(path + asking(asked, change), { replace })];
}

/** `?a=1&b=2` of what is asked with a change; empty where nothing is. */
export function asking(asked: Asked, change: Asked = {}): string {
  const left = Object.entries({ ...asked, ...change }).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(left as [string, string][]).toString();
  return text ? `?${text}` : "";
}
