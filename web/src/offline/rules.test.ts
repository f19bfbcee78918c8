import { expect, test } from "vitest";
import { after, againOf, following, type Item, OTHER_ACCOUNT, outcomeOf, pause_ms, ready } from "./rules";

function item(id: string, more: Partial<Item> = {}): Item {
  return {
    id, kind: "report", title: id, account: "", method: "POST", path: "/v1/reports", body: null, made_at: Number(id),
    tries: 0, next_at: 0, state: "waiting", ...more,
  }; // prettier-ignore
}
const ids = (found: Item[]) => found.map((each) => each.id);

test("the oldest goes first, and what waits for its next try does not go", () => {
  expect(ids(ready([item("2"), item("1"), item("3", { next_at: 50 })], null, 10))).toEqual(["1", "2"]);
});

test("an account's items go only while that account is signed in; nobody's always", () => {
  const all = [item("1", { account: "a" }), item("2", { account: "b" }), item("3")];
  expect(ids(ready(all, "b", 0))).toEqual(["2", "3"]);
  expect(ids(ready(all, null, 0))).toEqual(["3"]);
});

test("what is behind something unsettled in its chain waits; what was sent stops nobody", () => {
  const all = [item("1", { chain: "x", state: "refused" }), item("2", { chain: "x" }), item("3", { chain: "y" })];
  expect(ids(ready(all, null, 0))).toEqual(["3"]);
  expect(ids(ready([item("1", { chain: "x", state: "sent" }), item("2", { chain: "x" })], null, 0))).toEqual(["2"]);
  const both = [item("1", { chain: "x", next_at: 99 }), item("2", { chain: "x" })];
  expect(ids(ready(both, null, 0))).toEqual([]);
});

test.each([
  [201, "sent"], [0, "again"], [429, "again"], [503, "again"], [408, "again"], [401, "wait"], [412, "conflict"],
  [428, "conflict"], [400, "refused"], [403, "refused"], [409, "refused"], [413, "refused"],
] as const)("an answer %i means %s", (status, is) => {
  expect(outcomeOf({ status, code: "x" }, 0, null, 0).is).toBe(is);
}); // prettier-ignore

test("another's session is waited out, not refused", () => {
  expect(outcomeOf({ status: 403, code: OTHER_ACCOUNT }, 0, null, 0).is).toBe("wait");
});

test("pauses grow to five minutes, and the server's word is kept", () => {
  expect([0, 1, 2, 20].map((tries) => pause_ms(tries, 0))).toEqual([1000, 2000, 4000, 150_000]);
  expect(pause_ms(20, 0.999)).toBeLessThanOrEqual(300_000);
  const outcome = outcomeOf({ status: 429, code: "rate.too_often" }, 0, 600, 0);
  expect(outcome.is === "again" && outcome.after_ms).toBe(600_000);
});

test("what was sent lets its photos go and keeps the answer; a refusal keeps all", () => {
  const full = item("1", { body: { json: { text: "x" } } });
  expect(after(full, { is: "sent" }, 5, { code: "K" })).toMatchObject({ state: "sent", body: null, answer: { code: "K" }, sent_at: 5 });
  const refused = after(full, { is: "refused", problem: { status: 400, code: "no" } }, 5);
  expect(refused).toMatchObject({ state: "refused", body: { json: { text: "x" } }, problem: { code: "no" } });
});

test("sent again as it was it keeps its key; changed it gets a fresh one", () => {
  const met = item("1", { state: "conflict", etag: '"3"', problem: { status: 412, code: "stale" } });
  expect(againOf(met, { etag: '"4"' }, "fresh")).toMatchObject({ id: "1", etag: '"4"', state: "waiting", problem: undefined });
  expect(againOf(met, { body: { json: 2 } }, "fresh").id).toBe("fresh");
});

test("what follows in a chain goes on from the version that the one before it made", () => {
  const sign = item("1", { chain: "case/a", etag: '"3"' });
  const all = [sign, item("2", { chain: "case/a", etag: '"3"' }), item("3", { chain: "case/b", etag: '"3"' }), item("4", { chain: "case/a", etag: '"1"' })];
  expect(following(all, sign, '"4"').map((each) => [each.id, each.etag])).toEqual([["2", '"4"']]);
  expect(following(all, item("1"), '"4"')).toEqual([]);
});
