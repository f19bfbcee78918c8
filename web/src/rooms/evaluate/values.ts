/** Numbers in the reader's words, and what may be said of them. Pure. */
import { wilson } from "@/ui/chart";
import { both } from "@/words/words";
import { evaluate } from "./words";

export type Measure = "count" | "ppm" | "min";

export interface Point {
  numerator: number;
  denominator?: number | null;
  value?: number | null;
}

export interface Line {
  name: string;
  points: readonly Point[];
  whole: Point;
}

/** A value as it is shown: 69.1 %, 1,204, 3 h 20. */
export function written(value: number, measure: Measure, language: string): string {
  if (measure === "ppm") return `${(value / 10_000).toFixed(1)}%`;
  if (measure === "count") return value.toLocaleString("en");
  return both(language, (each) => (each === "zh" ? spanZh(value) : spanEn(value)));
}

function spanZh(minutes: number): string {
  const [hours, left] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  if (hours >= 48) return `${(hours / 24).toFixed(1)}天`;
  return hours ? `${hours}小时${left ? `${left}分` : ""}` : `${left}分钟`;
}

function spanEn(minutes: number): string {
  const [hours, left] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  if (hours >= 48) return `${(hours / 24).toFixed(1)} d`;
  return hours ? `${hours} h${left ? ` ${left} min` : ""}` : `${left} min`;
}

/** How sure a rate is. Units: ppm. */
export function interval(point: Point): [number, number] | null {
  const found = wilson(point.numerator, point.denominator ?? 0);
  return found && [found[0] * 1e6, found[1] * 1e6];
}

/** The title of a course over time: what became of the whole, or of how many groups. */
export function courseSays(metric: string, whole: readonly (number | null)[], groups: readonly Line[], by: string, write: (value: number) => string): string {
  const say = evaluate.say;
  const known = whole.filter((each): each is number => each !== null);
  const first = known[0];
  const last = known[known.length - 1];
  if (first === undefined || last === undefined) return say("noFinding", { metric });
  if (known.length === 1) return say("onlyOne", { metric, to: write(last) });
  if (groups.length > 1) {
    const moves = groups.map(moved);
    const up = moves.filter((each) => each > 0).length;
    const down = moves.filter((each) => each < 0).length;
    return up || down ? say("rose", { metric, up, down, by }) : say("steady", { metric, by });
  }
  if (write(first) === write(last)) return say("wholeSame", { metric, to: write(last) });
  return say(last > first ? "wholeRose" : "wholeFell", { metric, from: write(first), to: write(last) });
}

function moved(line: Line): number {
  const known = line.points.map((each) => each.value).filter((each): each is number => each !== null && each !== undefined);
  return known.length < 2 ? 0 : Math.sign((known[known.length - 1] ?? 0) - (known[0] ?? 0));
}

/** The title of a comparison: who is best and worst, but only where that is more than chance. */
export function scoreSays(metric: string, lines: readonly Line[], measure: Measure, whole: Point, write: (value: number) => string): string {
  const say = evaluate.say;
  const known = lines.filter((each) => typeof each.whole.value === "number");
  const sorted = [...known].sort((a, b) => (b.whole.value ?? 0) - (a.whole.value ?? 0));
  const best = sorted[0];
  const worst = sorted[sorted.length - 1];
  if (!best || !worst) return say("noFinding", { metric });
  if (measure === "count") return say("total", { metric, to: write(whole.value ?? 0), best: best.name, high: write(best.whole.value ?? 0) });
  if (measure === "ppm") {
    const high = interval(best.whole);
    const low = interval(worst.whole);
    if (best === worst || (high && low && low[1] >= high[0])) return say("alike", { metric });
  }
  return say("best", { metric, best: best.name, high: write(best.whole.value ?? 0), worst: worst.name, low: write(worst.whole.value ?? 0) });
}

/** Which groups stand out enough to be drawn: those with most behind them. */
export function weightiest<T extends Line>(lines: readonly T[], many: number): T[] {
  return [...lines].sort((a, b) => (b.whole.denominator ?? b.whole.numerator) - (a.whole.denominator ?? a.whole.numerator)).slice(0, many);
}
