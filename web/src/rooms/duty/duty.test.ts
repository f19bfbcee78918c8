import { expect, test } from "vitest";
import { beside, boxOf, inNeed, matching, type Person, standing, type WeekLine } from "./data";

function person(name: string, outside: string | null, silent: boolean): Person {
  return { name, is_silent: silent, line: { outside_since: outside } } as unknown as Person;
}

test("who is outside comes first, then who says nothing", () => {
  const people = [person("丙", null, false), person("乙", null, true), person("甲", "2026-03-02T01:00:00Z", true)];
  expect(inNeed(people).map((each) => each.name)).toEqual(["甲", "乙", "丙"]);
  expect(people.map(standing)).toEqual(["on", "silent", "out"]);
});

test("a grid of one part or of several has its box", () => {
  expect(boxOf({ type: "Polygon", coordinates: [[[1, 2], [3, 2], [3, 5], [1, 2]]] })).toEqual([1, 2, 3, 5]);
  expect(boxOf({ type: "MultiPolygon", coordinates: [[[[1, 2], [3, 2], [3, 5]]], [[[9, 9], [8, 8], [9, 8]]]] })).toEqual([1, 2, 9, 9]);
  expect(boxOf(null)).toBeNull();
});

test("a post is found by its people, its grid, or its name in either language", () => {
  const line = { post: "p1", post_name: { zh: "采集员一", en: "Collector 1" }, unit_name: {}, area_name: { zh: "城关" }, people: ["王安然"], plans: [{ grid: "g-7" }] } as unknown as WeekLine;
  for (const asked of ["王安", "collector", "g-7 城关", ""]) expect(matching([line], asked)).toHaveLength(1);
  expect(matching([line], "g-7 张")).toHaveLength(0);
});

test("a week goes on over the end of a month", () => {
  expect([beside("2026-02-27", 7), beside("2026-03-02", -7)]).toEqual(["2026-03-06", "2026-02-23"]);
});
