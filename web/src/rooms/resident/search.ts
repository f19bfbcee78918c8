/** Pure: looking for a class or a neighbourhood by what people call it. */

interface Named {
  words: readonly string[]; // the name first
}

/** Those whose words hold what is asked; whose name does, first. Nothing asked: all. */
export function found<T extends Named>(all: readonly T[], asked: string): T[] {
  const text = asked.trim().toLowerCase();
  if (!text) return [...all];
  const place = (each: T) => each.words.findIndex((word) => word.toLowerCase().includes(text));
  const hits = all.filter((each) => place(each) >= 0);
  return hits.sort((one, other) => Math.min(1, place(one)) - Math.min(1, place(other)));
}

interface Spot {
  lon: number;
  lat: number;
}

/** Those that are near first; on a plane, which is enough for an order. */
export function nearestFirst<T extends Spot>(all: readonly T[], here: Spot): T[] {
  const wide = Math.cos((here.lat * Math.PI) / 180);
  const away = (each: Spot) => Math.hypot((each.lon - here.lon) * wide, each.lat - here.lat);
  return [...all].sort((one, other) => away(one) - away(other));
}
