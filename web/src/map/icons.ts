/** Lamps as images of our own: a shape for each colour, with an edge that stands out from any ground. */
import type { Palette } from "./palette";

export type LampName = keyof Palette["lamps"];
const SIDE = 22;
type Corner = readonly [number, number];

/** The corners of a lamp's shape in a square of one; none is a circle. ● ▲ ◆ ○ */
export function cornersOf(lamp: LampName): readonly Corner[] {
  if (lamp === "yellow") return [[0.5, 0.12], [0.92, 0.84], [0.08, 0.84]];
  if (lamp === "red") return [[0.5, 0.04], [0.96, 0.5], [0.5, 0.96], [0.04, 0.5]];
  return [];
}

/** Whether a lamp is drawn as a ring. */
export function isRing(lamp: LampName): boolean {
  return lamp === "grey" || lamp === "none";
}

/** A lamp as an image. Units: `ratio` pixels a step. */
export function lampImage(lamp: LampName, palette: Palette, ratio = 2): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(SIDE * ratio, SIDE * ratio);
  pen.beginPath();
  const corners = cornersOf(lamp);
  if (corners.length) corners.forEach(([x, y], number) => (number ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  else pen.arc(0.5, 0.5, isRing(lamp) ? 0.28 : 0.34, 0, 2 * Math.PI);
  pen.closePath();
  pen.lineJoin = "round";
  pen.strokeStyle = palette.raised;
  pen.lineWidth = isRing(lamp) ? 0.34 : 0.16;
  pen.stroke();
  if (isRing(lamp)) {
    pen.strokeStyle = palette.lamps[lamp];
    pen.lineWidth = 0.14;
    pen.fillStyle = palette.raised;
    pen.fill();
    pen.stroke();
  } else {
    pen.fillStyle = palette.lamps[lamp];
    pen.fill();
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
