/** The city's time: this device's clock, put right by what the city's answers say. A phone may be hours off, and stamps what it does without a network. */

const NAME = "cityloop.clock";
const SMALL_MS = 30_000; // an answer that took longer says too little, and a difference that is less is none

/** What the head of an answer says of the time; `asked` by this device's clock. */
export function heard(answer: Headers, asked: number, now = Date.now()): void {
  const there = Date.parse(answer.get("date") ?? "");
  if (Number.isNaN(there) || answer.has("x-kept-at") || now - asked > SMALL_MS) return; // a kept answer tells of then
  const off = there - (asked + now) / 2;
  try {
    if (Math.abs(off) > SMALL_MS) localStorage.setItem(NAME, String(Math.round(off)));
    else localStorage.removeItem(NAME);
  } catch {
    // a device that keeps nothing goes by its own clock
  }
}

/** Now, by the city's clock. */
export function cityNow(now = Date.now()): number {
  try {
    return now + (Number(localStorage.getItem(NAME)) || 0);
  } catch {
    return now;
  }
}
