import { expect, test } from "vitest";
import { between, daysOf, monthBefore, points } from "./data";

test("a month has its days, also in a leap year", () => {
  expect(daysOf("2026-02")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  expect(daysOf("2024-02").to).toBe("2024-02-29");
  expect(daysOf("2026-12").to).toBe("2026-12-31");
});

test("the month before, over the end of a year", () => {
  expect(monthBefore("2026-03-31")).toBe("2026-02");
  expect(monthBefore("2026-01-01")).toBe("2025-12");
});

test("what is not known is no number", () => {
  expect(points(null)).toBe("—");
  expect(points(0)).toBe("0.0");
  expect(between({ low: null, high: null } as never)).toBe("—");
  expect(between({ low: 71.26, high: 99 } as never)).toBe("71.3 – 99.0");
});
