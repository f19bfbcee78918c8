import { describe, expect, it } from "vitest";
import { formula, type Indicator, lineFor, plain, valued } from "./formula";
import { scores } from "./words";

const piece = { lower: null, upper: null, upper_inside: false, points: 0, step: 0, deduct: 0, floor: 0, option: "" };
const line = (more: Partial<Indicator>): Indicator =>
  ({ indicator: "a", shape: "rate", better: "more", pieces: [piece], full: 100, unit: "ppm", group: "", ...more }) as Indicator;
const say = (name: Parameters<typeof scores.say>[0], given?: Record<string, string | number>) => scores.say(name, given);

describe("how a line scores, in words", () => {
  it("writes numbers without an idle tail", () => {
    expect([plain(90), plain(84.2), plain(1 / 3), valued(0.945, "ppm"), valued(3.5, "count")]).toEqual(["90", "84.2", "0.33", "94.5%", "3.5"]);
  });

  it("says who has the ends of brackets", () => {
    const pieces = [
      { ...piece, upper: 0, upper_inside: true, points: 100 },
      { ...piece, lower: 0, upper: 3, points: 90 },
      { ...piece, lower: 3, upper: 5, upper_inside: true, points: 75 },
      { ...piece, lower: 5, points: 0 },
    ];
    expect(formula(line({ shape: "bracket", unit: "count", pieces }), say)).toBe("≤0 → 100; (0, 3) → 90; [3, 5] → 75; >5 → 0");
  });

  it("says how far a step is, in the unit of the value", () => {
    const pieces = [{ ...piece, lower: 0.7, step: 0.1, deduct: 0.2 }];
    expect(formula(line({ shape: "step", full: 1, pieces }), say)).toContain("70%");
    expect(formula(line({ shape: "step", full: 1, pieces }), say)).toContain("10%");
  });

  it("takes the line of the group before that for all", () => {
    const known = [line({ weight: 100 }), line({ weight: 70, group: "far" })];
    expect([lineFor(known, "a", "far")?.weight, lineFor(known, "a", "")?.weight, lineFor(known, "b", "")]).toEqual([70, 100, undefined]);
  });
});
