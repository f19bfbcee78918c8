import { expect, test } from "vitest";
import { dayOf, keepZone, minutesUntil, moment, span, timeOf } from "./dates";

test("a span is told in the largest unit that says enough", () => {
  expect(span(12, "zh")).toBe("12分钟");
  expect(span(-130, "zh")).toBe("2小时");
  expect(span(3000, "en")).toBe("2 d");
  expect(span(3000, "zh+en")).toBe("2天 2 d");
});

test("another year is named", () => {
  const now = new Date(2026, 10, 26, 12);
  expect(moment(new Date(2026, 10, 3, 9, 5).toISOString(), now)).toBe("11-03 09:05");
  expect(moment(new Date(2025, 0, 3, 9, 5).toISOString(), now)).toBe("2025-01-03 09:05");
});

test("what has passed is negative", () => {
  expect(minutesUntil(new Date(0).toISOString(), 60_000)).toBe(-1);
});

test("moments are told by the city's clock", () => {
  keepZone("Asia/Shanghai");
  expect(moment("2026-11-26T17:30:00Z", new Date("2026-11-26T00:00:00Z"))).toBe("11-27 01:30");
  expect(dayOf(new Date("2026-11-26T17:30:00Z"))).toBe("2026-11-27");
  expect(timeOf("2026-11-26T17:30:00Z")).toBe("01:30");
  keepZone("Europe/London");
  expect(moment("2026-11-26T17:30:00Z", new Date("2026-11-26T00:00:00Z"))).toBe("11-26 17:30");
});

test("the city's clock is shown, whatever the phone's is", () => {
  keepZone("Asia/Shanghai");
  expect(timeOf("2026-11-26T00:00:00Z")).toBe("08:00");
  expect(moment("2026-11-25T23:30:00Z")).toMatch(/11-26 07:30$/);
  keepZone("America/St_Johns");
  expect(timeOf("2026-11-26T00:00:00Z")).toBe("20:30");
});
