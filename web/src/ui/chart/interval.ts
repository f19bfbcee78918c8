/** How sure a share of few is. */

const Z = 1.96; // 95 of 100

/** The interval of Wilson around a share; null where nothing stands below the line. Of 3 out of 3 it says 44 % to 100 %. */
export function wilson(part: number, whole: number): [low: number, high: number] | null {
  if (whole <= 0) return null;
  const share = part / whole;
  const around = 1 + (Z * Z) / whole;
  const middle = (share + (Z * Z) / (2 * whole)) / around;
  const half = (Z * Math.sqrt((share * (1 - share)) / whole + (Z * Z) / (4 * whole * whole))) / around;
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
