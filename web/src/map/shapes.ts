/** Shapes of a room on the map, e.g. duty grids: quiet areas with an edge; what is wanting is dashed, too. */
import type { GeoJSONSource, Map as Library } from "maplibre-gl";
import { useEffect } from "react";
import { type Datum, shownAt } from "./datum";
import { DARK, LIGHT } from "./palette";
import type { Shape } from "./types";

const SOURCE = "shapes";

/** They are put in again whenever the style was changed, which throws out what it does not know. */
export function useShapes(map: Library | null, shapes: readonly Shape[] | undefined, datum: Datum, dark: boolean): void {
  useEffect(() => {
    if (!map || !shapes) return undefined;
    const put = () => {
      const palette = dark ? DARK : LIGHT;
      const told = collected(shapes, datum, palette.lamps);
      const there = map.getSource(SOURCE) as GeoJSONSource | undefined;
      if (there) return void there.setData(told);
      map.addSource(SOURCE, { type: "geojson", data: told });
      const before = map.getLayer("case") ? "case" : undefined;
      map.addLayer({ id: "shape", type: "fill", source: SOURCE, paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.1 } }, before);
      map.addLayer({ id: "shape-edge", type: "line", source: SOURCE, filter: ["!", ["get", "wanting"]], paint: { "line-color": ["get", "colour"], "line-width": 1.5 } }, before);
      map.addLayer({ id: "shape-wanting", type: "line", source: SOURCE, filter: ["get", "wanting"], paint: { "line-color": ["get", "colour"], "line-width": 1.5, "line-dasharray": [3, 2] } }, before);
    };
    const again = () => {
      if (map.getStyle() && !map.getSource(SOURCE)) put();
    };
    if (map.getSource(SOURCE)) put();
    else again();
    map.on("styledata", again);
    map.on("idle", again); // the style may have come before anybody listened
    return () => {
      map.off("styledata", again);
      map.off("idle", again);
    };
  }, [map, shapes, datum, dark]);
}

type Told = Parameters<GeoJSONSource["setData"]>[0];

function collected(shapes: readonly Shape[], datum: Datum, colours: Record<string, string>): Told {
  const features = shapes.map(({ id, geometry, lamp }) => ({ type: "Feature", id, properties: { colour: colours[lamp], wanting: lamp === "red" }, geometry: placed(geometry, datum) }));
  return { type: "FeatureCollection", features } as unknown as Told;
}

/** The geometry as the map's datum draws it. */
export function placed(geometry: unknown, datum: Datum): unknown {
  const { type, coordinates } = geometry as { type: string; coordinates: unknown };
  const move = (part: unknown): unknown => {
    if (!Array.isArray(part)) return part;
    if (typeof part[0] !== "number") return part.map(move);
    const { lon, lat } = shownAt({ lon: Number(part[0]), lat: Number(part[1]) }, datum);
    return [lon, lat];
  };
  return { type, coordinates: move(coordinates) };
}
