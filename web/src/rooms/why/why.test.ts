import { describe, expect, it } from "vitest";
import type { Found } from "./data";
import { chance, condition, doubts, percent, sentence, times } from "./saying";

const found = {
  proposal: null,
  finding: {
    what: "back", class_key: null, condition: [["class", "x"], ["street", "s"]], together: 26, under: 47, had: 110, whole: 6000,
    lift: 34.04, low: 22.1, high: 51.5, p: 1e-9, q: 1e-6, tests: 900, by_day: false, explains: 5, cases: ["c1"],
    confounders: [{ factor: "hours", lift: 33.1, explains: false }, { factor: "unit", lift: 1.2, explains: true }],
  },
} as unknown as Found;
const named = (kind: string, code: string) => `${kind}:${code}`;
const say = (word: string, given?: Record<string, string | number>) => `${word}${given ? JSON.stringify(given) : ""}`;

describe("findings in sentences", () => {
  it("says under which condition, by how much, and of how many", () => {
    expect(condition(found, named, say)).toBe("class:xandstreet:s");
    expect(sentence(found, named, say)).toContain('"lift":"34","low":"22","high":"52","together":26,"under":47');
  });
  it("names only the confounders that explain it", () => {
    expect(doubts(found, say)).toEqual(['explained{"factor":"factor.unit","lift":"1.2"}']);
  });
  it("writes small chances and missing numbers as people read them", () => {
    expect([chance(1e-9), chance(0.0421), times(null), times(3.24), percent(0.784), percent(null)]).toEqual(["<0.001", "0.042", "∞", "3.2", "78%", "–"]);
  });
});
