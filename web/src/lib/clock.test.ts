import { afterEach, expect, test } from "vitest";
import { cityNow, heard } from "./clock";

afterEach(() => localStorage.clear());

const noon = Date.parse("2026-03-02T12:00:00Z");
const saysNoon = (more: Record<string, string> = {}) => new Headers({ date: new Date(noon).toUTCString(), ...more });

test("a phone that is an hour fast goes by the city's clock, also after the page is opened again", () => {
  const here = noon + 3_600_000;
  heard(saysNoon(), here - 200, here);
  expect(Math.abs(cityNow(here + 60_000) - (noon + 60_000))).toBeLessThan(1_000);
});

test("once its clock is put right nothing is added any more, and some seconds are nobody's business", () => {
  heard(saysNoon(), noon + 3_600_000, noon + 3_600_000);
  heard(saysNoon(), noon + 5_000, noon + 5_000);
  expect(cityNow(noon)).toBe(noon);
});

test("an answer that was kept, took long or names no time says nothing of the time", () => {
  const here = noon + 3_600_000;
  heard(saysNoon({ "x-kept-at": "2026-03-02T12:00:00Z" }), here, here);
  heard(saysNoon(), here - 60_000, here);
  heard(new Headers(), here, here);
  expect(cityNow(here)).toBe(here);
});
