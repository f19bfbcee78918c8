import { expect, test } from "vitest";
import { asking } from "./address";

test("a change lies over what was asked, and empty takes it out", () => {
  expect(asking({ state: "filed", q: "井盖" }, { q: undefined, lamp: "red" })).toBe("?state=filed&lamp=red");
  expect(asking({ q: "" })).toBe("");
});
