/** Addresses, made in one place: what somebody else chose stands in them as one word, whatever signs it has. */

type Part = string | number | URLSearchParams;

/** An address of ours: route`/v1/cases/${id}/notes?after=${mark}`. Each value is one part of it; only questions that are made already stay as they are. */
export function route(words: TemplateStringsArray, ...values: readonly Part[]): string {
  return words.reduce((made, word, n) => made + shown(values[n - 1] ?? "") + word);
}

function shown(value: Part): string {
  if (value instanceof URLSearchParams) return value.toString();
  const text = String(value);
  return /^\.{1,2}$/.test(text) ? text.replaceAll(".", "%252E") : encodeURIComponent(text); // `..` would lead up, however it is written
}

/** What a telephone dials: digits, and what telephones know beside them. */
// eslint-disable-next-line no-restricted-syntax -- made here
export const callOf = (phone: string): string => `tel:${phone.replace(/[^\d+*#,;-]/g, "")}`;

/** The place on the map that a phone opens. */
// eslint-disable-next-line no-restricted-syntax -- made here
export const geoOf = (at: { lat: number | null; lon: number | null }): string => `geo:${Number(at.lat)},${Number(at.lon)}?q=${Number(at.lat)},${Number(at.lon)}`;

const SAFE = /^(https?|rtsps?):$/;

/** An address that somebody else gave, where a browser may be led to it; none where it would run something. */
export function outside(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  try {
    return SAFE.test(new URL(address, location.origin).protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}
