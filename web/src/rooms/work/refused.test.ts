import { expect, test } from "vitest";
import type { Item } from "@/offline";
import { mended, pageOf } from "./refused";

function refused(kind: string, more: Partial<Item> = {}): Item {
  return { id: "1", kind, state: "refused", ...more } as Item;
}

test("a deed goes back to its case, everything else to where its form is opened", () => {
  expect(pageOf(refused("work", { chain: "case/7" }))).toBe("/work/case/7");
  expect(pageOf(refused("visit", { chain: "survey_point/7" }))).toBe("/work/visits");
  expect(["report", "census"].map((kind) => pageOf(refused(kind)))).toEqual(["/work/report", "/work/census"]);
});

test("a moment that the city does not take is not asked for again; any other refusal leaves all as it was", () => {
  const seen = { text: "x", at: "2036-01-01T00:00:00Z" };
  expect(mended(seen, refused("report", { problem: { status: 400, code: "time.in_future" } }))).toEqual({ text: "x", at: "" });
  expect(mended(seen, refused("report", { problem: { status: 400, code: "intake.too_long" } }))).toEqual(seen);
});
