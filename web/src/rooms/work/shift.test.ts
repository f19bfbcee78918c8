import { expect, test } from "vitest";
import type { Item } from "@/offline";
import type { WorkScreen } from "./data";
import { due, isTaken, type LocalShift, noted, shiftAfter, shiftNow } from "./shift";

const local: LocalShift = { key: "k1", id: null, post: "p", started_at: "2026-03-02T00:00:00Z", ended_at: null, end_key: null };
const begun: LocalShift = { ...local, id: "s1", seen_at: "2026-03-02T00:00:10.000000Z" };
function item(id: string, more: Partial<Item>): Item {
  return { id, state: "waiting", ...more } as unknown as Item;
}
function screen(now: string, shift: string | null = null, started_at = "2026-03-02T00:00:00Z"): Pick<WorkScreen, "now" | "shift"> {
  return { now, shift: shift && { id: shift, post: "p", started_at, grid: null, planned_to: null, outside_since: null } } as WorkScreen;
}
const spot = { lon: 112.5, lat: 28.4, error_m: 4.6 };

test("a shift gets its number from the answer, and is there without one meanwhile", () => {
  expect(shiftAfter(local, [item("k1", {})])).toBe(local);
  expect(shiftAfter(local, [item("k1", { state: "sent", answer: { id: "s1" } })])?.id).toBe("s1");
});

test("who is on duty already goes on there; any other refusal is no shift", () => {
  const on = item("k1", { state: "refused", problem: { status: 409, code: "duty.on_duty", shift: "s7" } });
  expect(shiftAfter(local, [on])?.id).toBe("s7");
  const not = item("k1", { state: "refused", problem: { status: 403, code: "duty.post_not_yours" } });
  expect(shiftAfter(local, [not])).toBeNull();
  expect([on, not].map(isTaken)).toEqual([true, false]); // what was taken does not stop what comes behind it
});

test("it is over once the end was told", () => {
  const ending = { ...local, id: "s1", ended_at: "x", end_key: "k2" };
  expect(shiftAfter(ending, [item("k2", {})])).toBe(ending);
  expect(shiftAfter(ending, [item("k2", { state: "sent" })])?.over).toBe("here");
  const late = item("k2", { state: "refused", problem: { status: 409, code: "duty.shift_over" } });
  expect([shiftAfter(ending, [late])?.over, isTaken(late)]).toEqual(["here", true]);
});

test("a shift that the city ended is over once a newer list does not tell of it any more", () => {
  const unseen = { ...begun, seen_at: undefined };
  expect(shiftNow(unseen, [], screen("2026-03-02T00:00:10Z", "s1"))?.seen_at).toBe("2026-03-02T00:00:10Z");
  expect(shiftNow(begun, [], screen("2026-03-02T14:01:00.000000Z"))?.over).toBe("city");
});

test("a list that was kept from before ends nothing, nor does one while signing on or off waits", () => {
  const old = screen("2026-03-02T00:00:05.000000Z");
  expect(shiftNow(begun, [], old)).toBe(begun);
  const unseen = { ...begun, seen_at: undefined };
  expect(shiftNow(unseen, [], old)).toBe(unseen);
  expect(shiftNow(local, [item("k1", {})], screen("2026-03-02T14:01:00Z"))).toBe(local);
  const ending = { ...begun, ended_at: "x" };
  expect(shiftNow(ending, [], screen("2026-03-02T14:01:00Z"))).toBe(ending);
});

test("the answer to a track says that the shift is over", () => {
  const track = (is_open: boolean, id = "s1") => item("t", { state: "sent", answer: { id, is_open } });
  expect(shiftAfter(begun, [track(true)])).toBe(begun);
  expect(shiftAfter(begun, [track(false, "s0")])).toBe(begun);
  expect(shiftAfter(begun, [track(false)])?.over).toBe("city");
});

test("a shift begun on another phone is taken up; one that is over does not come back with an old list", () => {
  expect(shiftNow(null, [], screen("2026-03-02T01:00:00Z", "s1"))).toMatchObject({ id: "s1", seen_at: "2026-03-02T01:00:00Z" });
  const over: LocalShift = { ...begun, over: "here" };
  expect(shiftNow(over, [], screen("2026-03-02T01:00:00Z", "s1"))).toBe(over);
  expect(shiftNow(over, [], screen("2026-03-01T20:00:00Z", "s0", "2026-03-01T12:00:00Z"))).toBe(over);
  expect(shiftNow(over, [], screen("2026-03-02T20:00:00Z", "s2", "2026-03-02T15:00:00Z"))?.id).toBe("s2");
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

test("a clock that is put back by an hour stops no track", () => {
  const fast = noted([], spot, 3_600_000, 30);
  expect(noted(fast, spot, 30_000, 30)).toHaveLength(2);
  expect(due(fast, 30_000, false)).toBe(true);
});
