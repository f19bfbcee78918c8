import { expect, test } from "vitest";
import { nameIn, type Wall } from "./api";
import { consoleOf, fullest, left, share } from "./shape";

test("what is left is said in the largest unit that says enough", () => {
  expect(left(59, "zh")).toBe("0 分钟");
  expect(left(17 * 60 + 5, "zh")).toBe("17 分钟");
  expect(left(3 * 3600, "en")).toBe("3 h");
  expect(left(2 * 3600 + 14 * 60, "zh")).toBe("2 小时 14 分");
  expect(left(5 * 86400, "zh")).toBe("5 天");
  expect(left(5 * 86400, "zh+en")).toBe("5 天 5 d");
});

test("a bar of something can be seen, of nothing cannot", () => {
  expect(share(1, 1000)).toBeGreaterThan(0.01);
  expect(share(0, 1000)).toBe(0);
  expect(share(5, 0)).toBe(0);
  expect(share(20, 10)).toBe(1);
});

test("the step in which most waits is named; what will run out is no waiting", () => {
  const step = (name: string, waiting: number | null) => ({ step: name, waiting }) as Wall["flow"][number];
  const wall = (...flow: Wall["flow"]) => ({ flow }) as Wall;
  expect(fullest(wall(step("understand", 3), step("foresee", 90), step("handle", 8), step("reward", null)))).toBe("handle");
  expect(fullest(wall(step("understand", 0)))).toBe(null);
});

test("the console is opened where its filters can say the same", () => {
  expect(consoleOf("lamp.red")).toBe("/console?lamp=red");
  expect(consoleOf("unit.roads-a")).toBe("/console?unit=roads-a");
  expect(consoleOf("late.handle")).toBe(null);
});

test("a name is said in the language shown, else in Chinese, else by its code", () => {
  const names = { a: { zh: "甲", en: "A" }, b: { zh: "乙" } };
  expect(nameIn(names, "a", "en")).toBe("A");
  expect(nameIn(names, "b", "en")).toBe("乙");
  expect(nameIn(names, "c", "en")).toBe("c");
  expect(nameIn(names, null, "en")).toBe("");
});
