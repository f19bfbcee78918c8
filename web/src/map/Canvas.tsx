/** The map itself: the one file that starts the map library. */
import "maplibre-gl/dist/maplibre-gl.css";
import { useQuery } from "@tanstack/react-query";
import { AttributionControl, Map as Library, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { type RefObject, useEffect, useRef, useState } from "react";
import { api, data } from "@/api/client";
import { useDark } from "@/lib/theme";
import { useLanguage } from "@/words/words";
import { type Datum, placeOf, shownAt } from "./datum";
import { lampImage, type LampName } from "./icons";
import { type Drawn, styleOf } from "./layers";
import css from "./map.module.css";
import { useMarks } from "./marks";
import { DARK, LIGHT } from "./palette";
import { Pin } from "./Pin";
import { seenIn } from "./seen";
import { useShapes } from "./shapes";
import type { MapViewProps, Place } from "./types";
import { mapWords } from "./words";

setWorkerUrl(workerUrl);
const EDGES = { top: 24, bottom: 24, left: 24, right: 72 }; // px: what is fitted in lies beside the buttons, not beneath

/** What the city's map needs to know before it draws. */
export function useMapCard() {
  return useQuery({ queryKey: ["map"], queryFn: () => data(api.GET("/v1/map")), staleTime: 300_000 });
}

export default function Canvas(props: MapViewProps) {
  const card = useMapCard();
  const say = mapWords.use();
  const language = useLanguage();
  const dark = useDark();
  if (card.isError) throw card.error;
  if (!card.data) return <p className={css.note} role="status" aria-busy="true">{say("waiting")}</p>;
  const { bounds, version, outside, datum } = card.data;
  const edges = bounds as unknown as [number, number, number, number];
  const drawn: Drawn = { origin: location.origin, version, bounds: edges, language, dark, outside, cases: props.cases, scale: props.scale };
  return <Living {...props} drawn={drawn} datum={datum as Datum} />;
}

type LivingProps = MapViewProps & { drawn: Drawn; datum: Datum };

function Living(props: LivingProps) {
  const { drawn, datum } = props;
  const say = mapWords.use();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const [map, setMap] = useState<Library | null>(null);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (!box.current) return;
    const born = begin(box.current, latest, { in: say("in"), out: say("out") });
    setMap(born);
    return () => {
      setMap(null);
      born.remove();
    };
    // a map is born once; what changes afterwards is told to it below
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useStyle(map, drawn);
  useFresh(map, props.fresh);
  useChosen(map, props.selected ?? "", drawn);
  useMarks(map, props.marks ?? [], datum, latest);
  useGoing(map, props, datum);
  useShapes(map, props.shapes, datum, drawn.dark);
  useEffect(() => {
    if (!map) return;
    map.getCanvas().setAttribute("aria-label", props.label);
  }, [map, props.label]);
  return (
    <>
      <div ref={box} className={css.canvas} />
      {props.onPick && <Pin says={say("pick")} />}
    </>
  );
}

function begin(container: HTMLDivElement, latest: RefObject<LivingProps>, says: { in: string; out: string }): Library {
  const { drawn, datum, at, box, still } = latest.current;
  const centre = at && shownAt(at, datum);
  const map = new Library({
    container,
    style: styleOf(drawn),
    ...(at && centre ? { center: [centre.lon, centre.lat], zoom: at.zoom } : { bounds: boxOf(box ?? drawn.bounds, datum), fitBoundsOptions: { padding: EDGES } }),
    minZoom: 4,
    maxZoom: 20,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    interactive: !still,
    locale: { "Map.Title": latest.current.label, "NavigationControl.ZoomIn": says.in, "NavigationControl.ZoomOut": says.out },
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: false }));
  if (!still) {
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl(), "bottom-left");
  }
  map.setMissingStyleImageResolver((id) => {
    const image = lampFor(id, latest.current.drawn.dark);
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: 2 });
  });
  map.on("click", (event) => {
    const { onSelect, datum: now } = latest.current;
    if (latest.current.onPick) return void map.easeTo({ center: event.lngLat });
    const [found] = hit(map, event.point);
    if (!found) return;
    if (found.layer.id.startsWith("cluster")) {
      map.easeTo({ center: centreOf(found.geometry), zoom: Math.min(map.getZoom() + 2, 18) });
    } else {
      const [seen] = seenIn([found], now);
      if (seen) onSelect?.(seen);
    }
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = hit(map, event.point).length ? "pointer" : "";
  });
  map.on("moveend", () => {
    const { onMoved, onPick: pick, datum: now } = latest.current;
    const middle = map.getCenter();
    const place = placeOf({ lon: middle.lng, lat: middle.lat }, now);
    onMoved?.({ ...place, zoom: map.getZoom() });
    pick?.(place);
  });
  map.on("idle", () => {
    map.getContainer().dataset.drawn = String(map.getStyle().layers.length > 0); // pictures and tests wait for it
    const { onSeen, datum: now } = latest.current;
    if (!onSeen || !map.getLayer("case")) return;
    const clustered = map.queryRenderedFeatures({ layers: ["cluster"] }).reduce((sum, each) => sum + Number(each.properties.n), 0);
    onSeen(seenIn(map.queryRenderedFeatures({ layers: ["case"] }), now), clustered);
  });
  return map;
}

function lampFor(id: string, dark: boolean): ImageData | null {
  return id.startsWith("lamp-") ? lampImage(id.slice(5) as LampName, dark ? DARK : LIGHT) : null;
}

/** What of ours lies under a finger, with some pixels around it. */
function hit(map: Library, { x, y }: { x: number; y: number }) {
  if (!map.getLayer("case")) return [];
  return map.queryRenderedFeatures([[x - 8, y - 8], [x + 8, y + 8]], { layers: ["case", "cluster"] });
}

function centreOf(geometry: { type: string; coordinates?: unknown }): [number, number] {
  return geometry.coordinates as [number, number];
}

function boxOf([west, south, east, north]: readonly [number, number, number, number], datum: Datum): [number, number, number, number] {
  const low = shownAt({ lon: west, lat: south }, datum);
  const high = shownAt({ lon: east, lat: north }, datum);
  return [low.lon, low.lat, high.lon, high.lat];
}

/** The style follows the language, the light and what is asked for; what is the same stays. */
function useStyle(map: Library | null, drawn: Drawn): void {
  const said = JSON.stringify(drawn);
  const worn = useRef(said);
  const lit = useRef(drawn.dark);
  useEffect(() => {
    if (!map || worn.current === said) return;
    worn.current = said;
    const next = JSON.parse(said) as Drawn;
    if (lit.current !== next.dark) {
      lit.current = next.dark;
      for (const lamp of ["green", "yellow", "red", "grey", "none"] as const) {
        const image = lampFor(`lamp-${lamp}`, next.dark);
        if (image && map.hasImage(`lamp-${lamp}`)) map.updateImage(`lamp-${lamp}`, image);
      }
    }
    map.setStyle(styleOf(next), { diff: true });
  }, [map, said]);
}

/** New facts: tiles are asked for again, the old ones stay until the new are there. */
function useFresh(map: Library | null, fresh: string | number | undefined): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (map?.getSource("cases")) map.refreshTiles("cases");
  }, [map, fresh]);
}

function useChosen(map: Library | null, id: string, drawn: Drawn): void {
  useEffect(() => {
    if (!map) return;
    const choose = () => {
      if (map.getLayer("case-chosen")) map.setFilter("case-chosen", ["==", ["get", "id"], id]);
    };
    if (map.isStyleLoaded()) choose();
    map.on("styledata", choose);
    return () => void map.off("styledata", choose);
  }, [map, id, drawn.dark]);
}

/** Going somewhere else when the room says so. */
function useGoing(map: Library | null, { at, box, drawn }: LivingProps, datum: Datum): void {
  const gone = useRef<{ at?: Place; box?: unknown }>({ at, box });
  useEffect(() => {
    if (!map || (gone.current.at === at && gone.current.box === box)) return;
    gone.current = { at, box };
    if (at) {
      const middle = shownAt(at, datum);
      map.easeTo({ center: [middle.lon, middle.lat], zoom: at.zoom, duration: 300 });
    } else {
      map.fitBounds(boxOf(box ?? drawn.bounds, datum), { padding: EDGES, duration: 300 });
    }
  }, [map, at, box, datum, drawn]);
}
