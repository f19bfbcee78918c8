/** What a chart shows: data in, style out. */

export interface Series {
  key: string;
  name: string;
  /** One for each label; null is missing: a gap, never a zero. */
  values: readonly (number | null)[];
  /** How sure each value is, where it is one of few. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
  /** Moments that are marked, with no line between them. */
  isMarks?: boolean;
}

/** line: over time; bar: compared, from zero; dots: scores of few, each with its interval. */
export type Kind = "line" | "bar" | "dots";

export interface Shown {
  kind: Kind;
  labels: readonly string[];
  series: readonly Series[];
  /** How a value is written. */
  write: (value: number) => string;
  /** The ends of the scale, where several charts share it. */
  least?: number;
  most?: number;
  /** A chart among many: no legend, few marks. */
  small?: boolean;
}

/** At most so many series or steps in one chart; with more, take small multiples. */
export const STEPS = 7;
