import { expect, test } from "vitest";
import type { Item } from "@/offline";
import { due, type LocalShift, noted, shiftAfter } from "./shift";

const local: LocalShift = { key: "k1", id: null, post: "p", started_at: "2026-03-02T00:00:00Z", ended_at: null, end_key: null };
function item(id: string, more: Partial<Item>): Item {
  return { id, state: "waiting", ...more } as unknown as Item;
}
const spot = { lon: 112.5, lat: 28.4, error_m: 4.6 };

test("a shift gets its number from the answer, and is there without one meanwhile", () => {
  expect(shiftAfter(local, [item("k1", {})])).toEqual(local);
  expect(shiftAfter(local, [item("k1", { state: "sent", answer: { id: "s1" } })])?.id).toBe("s1");
});

test("who is on duty already goes on there; any other refusal is no shift", () => {
  const on = item("k1", { state: "refused", problem: { status: 409, code: "duty.on_duty", shift: "s7" } });
  expect(shiftAfter(local, [on])?.id).toBe("s7");
  expect(shiftAfter(local, [item("k1", { state: "refused", problem: { status: 403, code: "duty.post_not_yours" } })])).toBeNull();
});

test("it is over once the end was told", () => {
  const ending = { ...local, id: "s1", ended_at: "x", end_key: "k2" };
  expect(shiftAfter(ending, [item("k2", {})])).toEqual(ending);
  expect(shiftAfter(ending, [item("k2", { state: "sent" })])).toBeNull();
});

test("a position is noted every so many seconds, and sent some at once", () => {
  const one = noted([], spot, 0, 30);
  expect(noted(one, spot, 10_000, 30)).toHaveLength(1);
  const two = noted(one, spot, 31_000, 30);
  expect(two).toHaveLength(2);
  expect(two[0]?.error_m).toBe(5);
  expect(due(two, 40_000, false)).toBe(false);
  expect(due(two, 40_000, true)).toBe(true);
  expect(due(two, 130_000, false)).toBe(true);
  expect(due([], 0, true)).toBe(false);
});
