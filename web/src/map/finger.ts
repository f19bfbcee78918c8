/** Pure: which things on a screen lie under one finger. */

export interface Dot {
  x: number;
  y: number;
}

const FINGER = 44; // px between two middles; a target and the space that it needs
const ELDER = 72; // of the large version, whose targets are 64 px

/** How far apart two things must stand to be told apart, in the version that the page wears. */
export function fingerNow(): number {
  return globalThis.document?.documentElement.dataset.density === "elder" ? ELDER : FINGER;
}

/** Things that a finger could not tell apart, put together; the first of each group came first. */
export function together<T extends Dot>(things: readonly T[], finger = FINGER): [T, ...T[]][] {
  const groups: [T, ...T[]][] = [];
  for (const thing of things) {
    const near = groups.find(([first]) => Math.hypot(first.x - thing.x, first.y - thing.y) < finger);
    if (near) near.push(thing);
    else groups.push([thing]);
  }
  return groups;
}
