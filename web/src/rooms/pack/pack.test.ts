import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { withRow } from "./data";
import { cellSaying, hours } from "./values";
import { byMajor, changeSays, columnSays, limitSays, rowSays, whoSays } from "./saying";

const code = (key: string) => ({ "limit.work_hour": "working hours", "pack.part.limit": "limit" })[key] ?? key;

test("a limit is said in words, anything else as it is", () => {
  expect(limitSays("4 work_hour", code)).toBe("4 working hours");
  expect(limitSays("990101", code)).toBe("990101");
});

test("a difference names its part, with ours where the server has no word", () => {
  speak("en");
  expect(changeSays({ thing: "rules", key: "a/1", name: {}, how: "changed", part: "limit", was: "4 work_hour", now: "2 work_hour" }, code)).toEqual({ part: "limit", was: "4 working hours", now: "2 working hours" });
  expect(changeSays({ thing: "rules", key: "a/1", name: {}, how: "changed", part: "auto_file", was: "true", now: "" }, code).part).toBe("filed by the machine");
  expect(columnSays("of_tomorrow")).toBe("of_tomorrow");
});

test("a row says what it holds once, without its key, its source and the other language", () => {
  const cells = { class: "a", no: "1", file_condition_zh: "有", file_condition_en: "there is", limit_value: "4", limit_unit: "work_hour", auto_file: "true", source_document: "doc", words: "" };
  expect(rowSays(cells, ["class", "no"], "en", code, (_, said) => (said === "true" ? "✓" : said))).toEqual([
    ["filed when", "there is"],
    ["limit", "4 working hours"],
    ["filed by the machine", "✓"],
  ]);
});

test("who reads two languages reads both of a row, and both names of a major class", () => {
  const cells = { file_condition_zh: "有", file_condition_en: "there is" };
  expect(rowSays(cells, [], "zh+en", code, (_, said) => said).map(([, said]) => said)).toEqual(["有", "there is"]);
  expect(byMajor([{ cells: { major_name_zh: "市容", major_name_en: "Looks" } }], "zh+en")[0]?.[0]).toBe("市容 Looks");
});

test("classes stand under their major class", () => {
  const rows = [{ cells: { major_name_zh: "市容" } }, { cells: { major_name_zh: "街面" } }, { cells: { major_name_zh: "市容" } }];
  expect(byMajor(rows, "zh").map(([major, some]) => [major, some.length])).toEqual([["市容", 2], ["街面", 1]]);
});

test("a row of the decision table is changed by its fields, the rest stays", () => {
  const jdm = { nodes: [{ id: "in", type: "inputNode" }, { id: "d", type: "decisionTableNode", content: { inputs: [{ id: "i1", field: "class" }], outputs: [{ id: "o1", field: "unit_kind" }], rules: [{ _id: "a", i1: '"x"', o1: '"roads"' }, { _id: "b", i1: "", o1: '"parks"' }] } }] };
  const made = withRow(jdm, "a", { unit_kind: '"water"' });
  expect(made.nodes[1]?.content?.rules).toEqual([{ _id: "a", i1: '"x"', o1: '"water"' }, { _id: "b", i1: "", o1: '"parks"' }]);
  expect(whoSays({ id: "operator", name: null })).toContain("operator");
});

test("what a cell holds is said in words, and what has none as it is", () => {
  speak("en");
  const names = { classes: { "s/event/0101": { en: "Illegal building" } }, majors: {}, units: {}, roles: { leader: { en: "Leader" } }, areas: [{ code: "990101", name: { en: "Donglan" } }] };
  const says = cellSaying({ code: (key) => ({ "unit_kind.street": "the street", "level.city": "city", "approval.outcome.refused": "refused" })[key] ?? key, language: "en", names });
  expect(says("class", '"s/event/0101", "s/event/0999"')).toBe("Illegal building, s/event/0999");
  expect(says("assist", '["street", "moon"]')).toBe("the street, moon");
  expect(says("level", '"city"')).toBe("city");
  expect(says("approvers", "leader|nobody")).toBe("Leader, nobody");
  expect(says("lapse", "refused")).toBe("refused");
  expect(says("parent", "990101")).toBe("Donglan");
  expect(says("load", "> 40")).toBe("> 40");
  expect(says("class", 'x in ["a"]')).toBe('x in ["a"]');
  expect([hours("[7..18]"), hours("< 6 or >= 20"), hours("> 3")]).toEqual(["7:00–19:00", "20:00–6:00", "> 3"]);
});

test("a number and its unit are one", () => {
  speak("en");
  expect(rowSays({ decide_value: "4", decide_unit: "work_hour", unit: "u" }, [], "en", code, (_, said) => said)).toEqual([
    ["decided within", "4 working hours"],
    ["unit", "u"],
  ]);
});
