/** Data in, style out: what the map draws, in which order and colours. Pure. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { DARK, LIGHT, type Palette } from "./palette";
import { baseTiles, caseTiles } from "./tiles";
import type { CaseFilter } from "./types";

export interface OutsideMap {
  urls: readonly string[];
  attribution: string;
  approval: string;
  zoom_max: number;
}

export interface Drawn {
  origin: string;
  version: string;
  bounds: readonly [number, number, number, number];
  language: string;
  dark: boolean;
  outside?: OutsideMap | null;
  cases?: CaseFilter;
  /** How much larger names, numbers and lamps are drawn: a wall is read from afar. */
  scale?: number;
}

export const CASES_ZOOM_MAX = 17;
const FONTS = ["PingFang SC", "HarmonyOS Sans SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"];
const WORST = ["red", "yellow", "green", "grey", "none"];

/** The whole style of a map. */
export function styleOf(drawn: Drawn): StyleSpecification {
  const palette = drawn.dark ? DARK : LIGHT;
  const sources: Record<string, SourceSpecification> = {
    base: { type: "vector", tiles: [baseTiles(drawn.origin, drawn.version)], maxzoom: 18, bounds: [...drawn.bounds] },
  };
  if (drawn.cases) {
    sources.cases = { type: "vector", tiles: [caseTiles(drawn.origin, drawn.cases)], maxzoom: CASES_ZOOM_MAX, bounds: [...drawn.bounds] };
  }
  (drawn.outside?.urls ?? []).forEach((url, number) => {
    sources[`outside-${number}`] = {
      type: "raster",
      tiles: [url],
      tileSize: 256,
      maxzoom: drawn.outside?.zoom_max ?? 18,
      attribution: number === 0 ? named(drawn.outside) : "",
    };
  });
  return { version: 8, sources, layers: layersOf(drawn, palette) };
}

/** Whom an outside map names, with the number of its approval. */
export function named(outside: OutsideMap | null | undefined): string {
  return [outside?.attribution, outside?.approval].filter(Boolean).map((text) => plain(text ?? "")).join(" · ");
}

function plain(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function layersOf(drawn: Drawn, palette: Palette): LayerSpecification[] {
  const outside = (drawn.outside?.urls ?? []).map(
    (_, number): LayerSpecification => ({ id: `outside-${number}`, type: "raster", source: `outside-${number}` }),
  );
  return [
    { id: "ground", type: "background", paint: { "background-color": palette.ground } },
    ...outside,
    ...(outside.length ? [] : ground(palette)),
    ...borders(palette),
    ...(outside.length ? [] : names(drawn.language, palette, drawn.scale ?? 1)),
    ...(drawn.cases ? caseLayers(palette, drawn.scale ?? 1) : []),
  ];
}

function ground(palette: Palette): LayerSpecification[] {
  const wide = (by: number): never => ["interpolate", ["exponential", 1.6], ["zoom"], 12, 0.6 * by, 15, 3 * by, 18, 16 * by] as never;
  const broad = (by: number): never =>
    ["interpolate", ["exponential", 1.6], ["zoom"], 12, ["match", ["get", "rank"], 1, 2 * by, by], 15, ["match", ["get", "rank"], 1, 7 * by, 4.5 * by],
     18, ["match", ["get", "rank"], 1, 26 * by, 18 * by]] as never;
  const base = { source: "base" } as const;
  return [
    { id: "land", type: "fill", ...base, "source-layer": "land", paint: { "fill-color": palette.land } },
    { id: "cell", type: "fill", ...base, "source-layer": "cell", paint: { "fill-color": palette.block } },
    { id: "kerb", type: "line", ...base, "source-layer": "cell", paint: { "line-color": palette.kerb, "line-width": wide(1.35) } },
    { id: "street", type: "line", ...base, "source-layer": "cell", paint: { "line-color": palette.street, "line-width": wide(1) } },
    { id: "way", type: "line", ...base, "source-layer": "area", filter: ["==", ["get", "level"], "community"],
      paint: { "line-color": palette.street, "line-width": wide(1.9) } },
    { id: "ground-of", type: "fill", ...base, "source-layer": "ground",
      paint: { "fill-color": ["match", ["get", "kind"], "park", palette.park, palette.estate] as never } },
    { id: "road-casing", type: "line", ...base, "source-layer": "road", layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": palette.casing, "line-width": broad(1.35) } },
    { id: "road", type: "line", ...base, "source-layer": "road", layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": palette.road, "line-width": broad(1) } },
    { id: "thing", type: "circle", ...base, "source-layer": "component", minzoom: 16,
      paint: { "circle-color": palette.thing, "circle-radius": ["interpolate", ["linear"], ["zoom"], 16, 1.5, 19, 4], "circle-opacity": 0.7 } },
  ];
}

function borders(palette: Palette): LayerSpecification[] {
  const line = (level: string, width: number, dash?: number[]): LayerSpecification => ({
    id: `border-${level}`,
    type: "line",
    source: "base",
    "source-layer": "area",
    filter: ["==", ["get", "level"], level],
    layout: { "line-join": "round" },
    paint: { "line-color": palette.border, "line-width": width, "line-opacity": 0.8, ...(dash ? { "line-dasharray": dash } : {}) },
  });
  return [line("street", 1, [4, 2]), line("district", 1.8)];
}

function names(language: string, palette: Palette, scale: number): LayerSpecification[] {
  const name = (level: string, size: number, from: number, to: number): LayerSpecification => ({
    id: `name-${level}`,
    type: "symbol",
    source: "base",
    "source-layer": "area_label",
    minzoom: from,
    maxzoom: to,
    filter: ["==", ["get", "level"], level],
    layout: {
      "text-field": ["coalesce", ["get", `name_${language}`], ["get", "name_zh"], ["get", "name_en"], ""],
      "text-font": FONTS,
      "text-size": size * scale,
      "text-max-width": 7,
      "text-padding": 6,
    },
    paint: { "text-color": palette.name, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
  });
  const called = ["coalesce", ["get", `name_${language}`], ["get", "name_zh"], ["get", "name_en"], ""] as never;
  const roadName = (rank: number, size: number, from: number): LayerSpecification => ({
    id: `name-road-${rank}`, type: "symbol", source: "base", "source-layer": "road", minzoom: from, filter: ["==", ["get", "rank"], rank],
    layout: { "symbol-placement": "line", "symbol-spacing": 320, "text-field": called, "text-font": FONTS, "text-size": size * scale,
              "text-letter-spacing": 0.06, "text-max-angle": 35, "text-padding": 8 },
    paint: { "text-color": palette.name, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
  });
  const landmark: LayerSpecification = {
    id: "name-landmark", type: "symbol", source: "base", "source-layer": "landmark", minzoom: 14,
    layout: { "text-field": called, "text-font": FONTS, "text-size": 11.5 * scale, "text-max-width": 7, "text-padding": 10, "text-optional": true,
              "symbol-sort-key": ["match", ["get", "kind"], "station", 0, "hospital", 1, "park", 2, "market", 3, "school", 4, "estate", 8, 6] as never },
    paint: { "text-color": palette.mark, "text-halo-color": palette.halo, "text-halo-width": 1.3 },
  };
  return [landmark, roadName(2, 11, 15), roadName(1, 12, 13), name("community", 12, 14.5, 24), name("street", 13, 12, 15.5), name("district", 16, 8, 13.5)];
}

/** The layers of cases: a ring for the chosen one, squares' numbers, and lamps in colour and shape. */
export function caseLayers(palette: Palette, scale = 1): LayerSpecification[] {
  const worst = ["match", ["get", "lamp"], ...WORST.flatMap((lamp) => [lamp, palette.lamps[lamp as "red"]]), palette.lamps.grey];
  const size = ["interpolate", ["linear"], ["ln", ["max", ["get", "n"], 1]], 1, 13 * scale, 7, 26 * scale, 11, 38 * scale];
  const bySeverity = ["match", ["get", "lamp"], "red", 3, "yellow", 2, "green", 1, 0];
  const cases = { source: "cases", "source-layer": "cases" } as const;
  const clusters = { source: "cases", "source-layer": "clusters" } as const;
  return [
    { id: "cluster", type: "circle", ...clusters,
      paint: { "circle-color": palette.raised, "circle-opacity": 0.94, "circle-radius": size as never,
               "circle-stroke-color": worst as never, "circle-stroke-width": 3 * scale } },
    { id: "cluster-number", type: "symbol", ...clusters,
      layout: { "text-field": ["to-string", ["get", "n"]], "text-font": FONTS, "text-allow-overlap": true, "text-ignore-placement": true,
                "text-size": ["interpolate", ["linear"], ["ln", ["get", "n"]], 1, 12 * scale, 7, 15 * scale, 11, 18 * scale] as never,
                "icon-image": ["concat", "lamp-", ["get", "lamp"]] as never, "icon-size": 0.62 * scale, "icon-allow-overlap": true,
                "icon-ignore-placement": true, "icon-anchor": "bottom", "icon-offset": [0, -11] },
      paint: { "text-color": palette.ink } },
    { id: "case-chosen", type: "circle", ...cases, filter: ["==", ["get", "id"], ""],
      paint: { "circle-radius": 15 * scale, "circle-color": palette.accent, "circle-opacity": 0.2, "circle-stroke-color": palette.accent, "circle-stroke-width": 2.5 } },
    { id: "case", type: "symbol", ...cases,
      layout: { "icon-image": ["concat", "lamp-", ["get", "lamp"]] as never, "icon-allow-overlap": true, "icon-ignore-placement": true,
                "symbol-sort-key": bySeverity as never, "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.62 * scale, 15, scale] as never },
      paint: { "icon-opacity": ["case", ["boolean", ["get", "coarse"], false], 0.65, 1] as never } },
  ];
}
