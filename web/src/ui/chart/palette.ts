/** Colours that stay apart for colour-blind eyes and on paper, each with a mark and a dash of its own. */

export interface Dress {
  colour: string;
  mark: string;
  dash: number[] | "solid";
}

// after Okabe and Ito, set darker on light paper and lighter on dark, so that each has 3:1 against it
const LIGHT = ["#0b6e6e", "#b35900", "#3b5bb5", "#a8327d", "#5f6b00", "#7a4b2a", "#4a4f57"];
const DARK = ["#5cc2bf", "#f0a04b", "#9db4ff", "#f08cc8", "#c3cc5a", "#d9a982", "#b9bec6"];
const MARKS = ["circle", "triangle", "rect", "diamond", "emptyCircle", "emptyTriangle", "emptyRect"];
const DASHES: (number[] | "solid")[] = ["solid", [6, 3], [2, 2], [8, 3, 2, 3], "solid", [6, 3], [2, 2]];

/** The dress of the nth series. */
export function dressOf(n: number, dark: boolean): Dress {
  const place = n % LIGHT.length;
  return { colour: (dark ? DARK : LIGHT)[place] ?? "#0b6e6e", mark: MARKS[place] ?? "circle", dash: DASHES[place] ?? "solid" };
}

export interface Ground {
  ink: string;
  quiet: string;
  line: string;
  paper: string;
}

/** Ink and lines of the page. */
export function groundOf(dark: boolean): Ground {
  return dark
    ? { ink: "#e8e8e6", quiet: "#a6abb2", line: "#34383f", paper: "#1d2025" }
    : { ink: "#1c1e21", quiet: "#575c63", line: "#dcdcd6", paper: "#ffffff" };
}

const SEQUENCE_LIGHT = ["#e2f0ef", "#b9dcda", "#8cc5c2", "#5aaba8", "#2f8f8c", "#0b6e6e", "#064848"];
const SEQUENCE_DARK = ["#17302f", "#1f4a49", "#28696a", "#358b8a", "#5cc2bf", "#93dbd8", "#d2f3f1"];

/** A perceptually even scale of at most seven steps, from little to much: for maps and cells of tables. */
export function sequence(steps: number, dark: boolean): string[] {
  const all = dark ? SEQUENCE_DARK : SEQUENCE_LIGHT;
  const many = Math.max(2, Math.min(steps, all.length));
  return Array.from({ length: many }, (_, n) => all[Math.round((n * (all.length - 1)) / (many - 1))] ?? "#0b6e6e");
}
