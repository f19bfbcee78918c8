import { expect, test } from "vitest";
import { grouped } from "./ui";

test("choices stand under their headings, in their order", () => {
  const some = [["1", "one", "b"], ["2", "two", "a"], ["3", "three", "b"]] as const;
  expect(grouped(some).map(([group, each]) => [group, each.map(([value]) => value)])).toEqual([["b", ["1", "3"]], ["a", ["2"]]]);
  expect(grouped([["1", "one"]])).toEqual([["", [["1", "one"]]]]);
});
