/** Pure: numbers as they are read. */

/** A number without more digits than it needs: `12.5`, `700`. */
export function shownNumber(number: number): string {
  return String(Math.round(number * 100) / 100);
}

/** A rate in per cent; a count as it is. */
export function shownValue({ numerator, denominator }: { numerator: number; denominator?: number | null }): string {
  if (denominator == null) return shownNumber(numerator);
  return denominator === 0 ? "—" : `${((100 * numerator) / denominator).toFixed(1)} %`;
}
