import { expect, test } from "vitest";
import { placeOf, shownAt } from "./datum";
import { together } from "./finger";
import { cornersOf, isRing } from "./icons";
import { named, styleOf } from "./layers";
import { seenIn } from "./seen";
import { caseTiles } from "./tiles";

const CITY = { origin: "http://city", version: "v1", bounds: [112, 28, 113, 29] as const, language: "zh", dark: false };

test("places are moved to GCJ-02 as the server moves them, and back", () => {
  // the numbers are those of domain/place.py
  const here = { lon: 112.9388, lat: 28.2282 };
  const there = shownAt(here, "gcj02");
  expect(there.lon).toBeCloseTo(112.94424977544385, 10);
  expect(there.lat).toBeCloseTo(28.224692417302222, 10);
  const back = placeOf(there, "gcj02");
  expect(back.lon).toBeCloseTo(here.lon, 8);
  expect(back.lat).toBeCloseTo(here.lat, 8);
  expect(shownAt(here, "cgcs2000")).toBe(here);
  expect(shownAt({ lon: -71, lat: 42 }, "gcj02")).toEqual({ lon: -71, lat: 42 });
});

test("what is asked for stands in the address of the tiles", () => {
  expect(caseTiles("http://city", {})).toBe("http://city/tiles/cases/{z}/{x}/{y}.pbf");
  expect(caseTiles("http://city", { state: ["to_sign", "handling"], lamp: ["red"], open: null, public: true })).toBe(
    "http://city/tiles/cases/{z}/{x}/{y}.pbf?state=to_sign&state=handling&lamp=red&ended=true&public=true",
  );
  expect(caseTiles("http://city", { open: false })).toContain("open=false&ended=true");
});

test("a map asks nobody but the city, and others only where the pack names them", () => {
  const plain = JSON.stringify(styleOf({ ...CITY, cases: {} }));
  expect(plain.match(/https?:\/\/[^"/]+/g)?.every((each) => each === "http://city")).toBe(true);
  expect(plain).not.toContain("glyphs");
  const outside = { urls: ["https://tiles.example/{z}/{x}/{y}.png"], attribution: "<b>天地图</b>", approval: "GS(2026)1", zoom_max: 17 };
  const style = styleOf({ ...CITY, outside });
  expect(style.sources["outside-0"]).toMatchObject({ type: "raster", maxzoom: 17 });
  expect(style.layers.some((each) => each.id === "land")).toBe(false);
  expect(named(outside)).toBe("&#60;b&#62;天地图&#60;/b&#62; · GS(2026)1");
});

test("light and dark draw the same layers; a map without cases has none of them", () => {
  const ids = (dark: boolean) => styleOf({ ...CITY, dark, cases: {} }).layers.map((each) => each.id);
  expect(ids(true)).toEqual(ids(false));
  expect(styleOf(CITY).layers.some((each) => each.id.startsWith("case"))).toBe(false);
  expect(new Set(ids(false)).size).toBe(ids(false).length);
});

test("a lamp has a shape of its own", () => {
  const shapes = (["green", "yellow", "red", "grey"] as const).map((lamp) => `${cornersOf(lamp).length}${isRing(lamp)}`);
  expect(new Set(shapes).size).toBe(4);
});

test("what is late stands first in the list beside the map, each case once", () => {
  const feature = (id: string, lamp: string, urgency = 0) => ({
    properties: { id, lamp, urgency, state: "handling", class: "c" },
    geometry: { type: "Point", coordinates: [112.5, 28.5] },
  });
  const seen = seenIn([feature("a", "green"), feature("b", "red"), feature("a", "green"), feature("c", "red", 2)], "wgs84");
  expect(seen.map((each) => each.id)).toEqual(["c", "b", "a"]);
});

test("what a finger could not tell apart is one mark, and the first of them speaks", () => {
  const at = (x: number) => ({ x, y: 0 });
  expect(together([at(0), at(43), at(44), at(86)]).map((each) => each.map(({ x }) => x))).toEqual([[0, 43], [44, 86]]);
});
