/** The addresses of tiles. */
import type { CaseFilter } from "./types";

/** The tiles of the city itself, as this version of its pack draws it. */
export function baseTiles(origin: string, version: string): string {
  return `${origin}/tiles/base/{z}/{x}/{y}.pbf?v=${encodeURIComponent(version)}`;
}

/** The tiles of the cases that are asked for. */
export function caseTiles(origin: string, filter: CaseFilter): string {
  const asked = new URLSearchParams();
  for (const state of filter.state ?? []) asked.append("state", state);
  for (const lamp of filter.lamp ?? []) asked.append("lamp", lamp);
  if (filter.open === false) asked.set("open", "false");
  if (filter.open === false || filter.open === null) asked.set("ended", "true");
  if (filter.unit) asked.set("unit", filter.unit);
  if (filter.area) asked.set("area", filter.area);
  if (filter.class_key) asked.set("class_key", filter.class_key);
  if (filter.public) asked.set("public", "true");
  const text = asked.toString();
  return `${origin}/tiles/cases/{z}/{x}/{y}.pbf${text ? `?${text}` : ""}`;
}
