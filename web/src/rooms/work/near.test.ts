import { expect, test } from "vitest";
import { route } from "@/lib/paths";
import type { Item } from "@/offline";
import type { DeedView, WorkItem } from "./data";
import { far, metres, offered, ordered, queuedOf, settled, troubledOf } from "./near";

const here = { lon: 112.53, lat: 28.48, error_m: 5 };
function item(id: string, more: Partial<WorkItem> = {}): WorkItem {
  return { id, lon: null, lat: null, deeds: [], then: [], ...more } as unknown as WorkItem;
}
function deed(name: string): DeedView {
  return { name, path: route`/v1/cases/a/${name}` } as unknown as DeedView;
}
function queued(name: string, state: Item["state"] = "waiting"): Item {
  return { id: name, chain: "case/a", path: route`/v1/cases/a/${name}`, state } as unknown as Item;
}

test("a kilometre east is a kilometre", () => {
  expect(Math.round(metres(here, { lon: 112.53 + 0.01023, lat: 28.48 }) / 10)).toBe(100);
  expect(far(item("a"), here)).toBeNull();
});

test("nearest first; what has no place comes last; without a position the clock decides", () => {
  const all = [item("a"), item("b", { lon: 112.54, lat: 28.48 }), item("c", { lon: 112.531, lat: 28.48 })];
  expect(ordered(all, "way", here).map((each) => each.id)).toEqual(["c", "b", "a"]);
  expect(ordered(all, "way", null).map((each) => each.id)).toEqual(["a", "b", "c"]);
});

test("who signed without a network goes on to finish, and then is done", () => {
  const sign = { ...deed("signature"), name: "sign" };
  const of = item("a", { deeds: [sign, deed("return")], then: [deed("completion")] });
  expect(offered(of, []).map((each) => each.path)).toEqual(["/v1/cases/a/signature", "/v1/cases/a/return"]);
  expect(offered(of, [queued("signature")]).map((each) => each.path)).toEqual(["/v1/cases/a/completion"]);
  expect(settled(of, [queued("signature"), queued("completion")])).toBe(true);
  expect(offered(of, [queued("return")])).toEqual([]);
});

test("what the city refused is not done: the case stands there as before, and says so", () => {
  const of = item("a", { deeds: [deed("completion")] });
  const outbox = [queued("completion", "refused")];
  expect(settled(of, queuedOf(outbox, "a"))).toBe(false);
  expect(offered(of, queuedOf(outbox, "a"))).toEqual(of.deeds);
  expect(troubledOf([...outbox, queued("return", "conflict"), queued("signature")], "a").map((each) => each.id)).toEqual(["completion", "return"]);
});

test("what arrived is not waiting", () => {
  expect(queuedOf([queued("signature", "sent"), queued("completion")], "a").map((each) => each.id)).toEqual(["completion"]);
});
