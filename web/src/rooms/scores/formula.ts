/** How a line scores, in words; and numbers as people read them. Pure. */
import type { components } from "@/api/schema";
import type { scores } from "./words";

type Schemas = components["schemas"];
export type Indicator = Schemas["IndicatorView"];
type Say = ReturnType<typeof scores.use>;

/** A plain number without an idle tail: 84.2, 90, 0.333. */
export function plain(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)));
}

/** A value in the unit of its line: shares in percent. */
export function valued(value: number, unit: string): string {
  return unit === "ppm" ? `${plain(value * 100)}%` : plain(value);
}

/** A range of a table of brackets: (50, 100]. */
function range(piece: Indicator["pieces"][number], before: Indicator["pieces"][number] | undefined, unit: string): string {
  const low = piece.lower === null || piece.lower === undefined ? null : valued(piece.lower, unit);
  const high = piece.upper === null || piece.upper === undefined ? null : valued(piece.upper, unit);
  if (low !== null && low === high) return low;
  if (low === null && high !== null) return `${piece.upper_inside ? "≤" : "<"}${high}`;
  if (high === null && low !== null) return `${before?.upper_inside ? ">" : "≥"}${low}`;
  return `${before?.upper_inside ? "(" : "["}${low}, ${high}${piece.upper_inside ? "]" : ")"}`;
}

/** What a line's function does. */
export function formula(line: Indicator, say: Say): string {
  const [first] = line.pieces;
  const full = plain(line.full);
  const at = valued(first?.lower ?? 0, line.unit);
  const [deduct, floor] = [plain(first?.deduct ?? 0), plain(first?.floor ?? 0)];
  switch (line.shape) {
    case "rate":
      return say("rateSay", { full });
    case "rest":
      return say("restSay", { full });
    case "bracket":
      return line.pieces.map((piece, place) => `${range(piece, line.pieces[place - 1], line.unit)} → ${plain(piece.points ?? 0)}`).join("; ");
    case "step":
      return say(line.better === "less" ? "stepDown" : "stepUp", { at, full, step: valued(first?.step ?? 0, line.unit), deduct, floor });
    case "linear":
    case "piecewise":
      return line.pieces.map((piece) => `${valued(piece.lower ?? 0, line.unit)} → ${plain(piece.points ?? 0)}`).join(" … ");
    case "survey":
      return say("surveySay", { full, deduct, floor });
    case "veto":
      return say("vetoSay", { at, points: plain(first?.points ?? 0) });
    default:
      return line.pieces.map((piece) => `${say(piece.option as "solved")} ${plain(piece.points ?? 0)}`).join(" · ");
  }
}

/** The line of a scheme that an object of a group is scored by: one for its group goes before one for all. */
export function lineFor(indicators: readonly Indicator[], code: string, group: string): Indicator | undefined {
  const known = indicators.filter((each) => each.indicator === code && (each.group === "" || each.group === group));
  return known.find((each) => each.group !== "") ?? known[0];
}
