import { expect, test } from "vitest";
import { bodyOf } from "./SheetForm";
import { shownNumber, shownValue } from "./values";

test("a rate is read in per cent, a count as it is", () => {
  expect(shownValue({ numerator: 700, denominator: 1000 })).toBe("70.0 %");
  expect(shownValue({ numerator: 12.5, denominator: null })).toBe("12.5");
  expect(shownValue({ numerator: 1, denominator: 0 })).toBe("—");
  expect(shownNumber(2 / 3)).toBe("0.67");
});

test("numbers and texts go apart, and what is empty not at all", () => {
  const field = { name: {}, required: false, least: null, most: null };
  const form = { fields: [{ ...field, code: "a", takes: "whole" }, { ...field, code: "b", takes: "decimal" }, { ...field, code: "c", takes: "text" }] };
  const body = bodyOf(form, { a: " 12 ", b: "", c: " 说明 " }, []);
  expect(JSON.parse(String(body.get("numbers")))).toEqual({ a: 12 });
  expect(JSON.parse(String(body.get("texts")))).toEqual({ c: "说明" });
});
