import { expect, test } from "vitest";
import { keepZone } from "@/lib/dates";
import { speak } from "@/words/words";
import { beside, chosenIn, courseOf, question } from "./asked";
import { courseSays, interval, type Line, scoreSays, weightiest, written } from "./values";

const percent = (value: number) => written(value, "ppm", "en");
const line = (name: string, numerator: number, denominator: number, ...values: (number | null)[]): Line => ({
  name,
  points: values.map((value) => ({ numerator: 0, denominator: 0, value })),
  whole: { numerator, denominator, value: denominator ? (numerator / denominator) * 1e6 : null },
});

test("what the address does not say is as usual, and the question holds no empty part", () => {
  const chosen = chosenIn({ period: "fortnight", on: "yesterday", compare: "none" }, new Date(2026, 2, 5));
  expect([chosen.period, chosen.on, chosen.compare]).toEqual(["month", "2026-03-05", ""]);
  expect(question(chosen)).toEqual({ by: "unit", period: "month", on: "2026-03-05" });
});

test("the day is the city's: its week has begun while a reader to the west is still in the last", () => {
  keepZone("Asia/Shanghai");
  expect(chosenIn({}, new Date("2026-11-29T16:07:00Z")).on).toBe("2026-11-30");
});

test("a course ends with its period and is long enough to be seen", () => {
  expect(courseOf("2026-03-31", "month")).toEqual({ from: "2025-04-01", to: "2026-03-31", every: "month" });
  expect(courseOf("2026-03-08", "week").from).toBe("2025-12-15");
  expect(beside("2026-03-01", "2026-03-31", -1)).toBe("2026-02-28");
  expect(beside("2026-03-01", "2026-03-31", 1)).toBe("2026-04-01");
});

test("a title says what is found, and no more than the cases allow", () => {
  speak("en");
  expect(courseSays("Rework", [100_000, null, 300_000], [], "unit", percent)).toBe("Rework rose from 10.0% to 30.0%");
  expect(courseSays("Rework", [], [], "unit", percent)).toContain("no data");
  const groups = [line("a", 1, 2, 1, 2), line("b", 1, 2, 5, 3), line("c", 1, 2, 4, 4)];
  expect(courseSays("Rework", [1, 2], groups, "street", percent)).toBe("Rework rose in 1 and fell in 1 (street)");
  const few = [line("a", 3, 3), line("b", 1, 2)];
  const many = [line("a", 300, 300), line("b", 100, 200)];
  expect(scoreSays("On time", few, "ppm", { numerator: 4, denominator: 5 }, percent)).toContain("too few");
  expect(scoreSays("On time", many, "ppm", { numerator: 400, denominator: 500 }, percent)).toBe("On time is highest for a (100.0%), lowest for b (50.0%)");
});

test("few cases make a wide interval; none makes none", () => {
  expect(interval({ numerator: 0, denominator: 0 })).toBeNull();
  const [low, high] = interval({ numerator: 1, denominator: 2 }) ?? [0, 0];
  expect(high - low).toBeGreaterThan(700_000);
});

test("those with most behind them are drawn, and spans are told in words", () => {
  expect(weightiest([line("a", 1, 2), line("b", 1, 9), line("c", 1, 5)], 2).map((each) => each.name)).toEqual(["b", "c"]);
  expect([written(200, "min", "en"), written(4000, "min", "zh"), written(1204, "count", "en")]).toEqual(["3 h 20 min", "2.8天", "1,204"]);
  expect([written(200, "min", "zh+en"), written(50, "min", "ug"), written(1204, "count", "zh+en")]).toEqual(["3小时20分 3 h 20 min", "50 min", "1,204"]);
});
