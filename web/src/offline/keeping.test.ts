import { expect, test } from "vitest";
import { kindOf, LONGEST_MS, MOST, outdated } from "./keeping";

const HOME = "https://city.example";
const near = (n: number, at = n) => ({ address: `${HOME}/v1/public/cases?lon=112.${n}&lat=28.4`, at });
const addresses = (found: { address: string }[]) => found.map((each) => each.address);

test("what differs only in place, thing or day is of one kind", () => {
  expect(kindOf(near(1).address)).toBe(kindOf(near(2).address));
  expect(kindOf(`${HOME}/v1/cases/0190ab/helped`)).toBe(kindOf(`${HOME}/v1/cases/0190cd/helped?lang=zh`));
  expect(kindOf(`${HOME}/v1/public/cases`)).not.toBe(kindOf(`${HOME}/v1/public/done`));
});

test("of each kind the newest stay, in whichever order they lie", () => {
  const all = [...Array.from({ length: MOST + 3 }, (_, n) => near(n)), { address: `${HOME}/v1/public/city`, at: 0 }];
  expect(addresses(outdated([...all].reverse(), 100))).toEqual(addresses([near(2), near(1), near(0)]));
});

test("what is old goes, but the last of its kind is what a page shows without a network", () => {
  const now = 2 * LONGEST_MS;
  const old = [near(1, 5), near(2, 6), { address: `${HOME}/v1/words/zh`, at: 1 }];
  expect(addresses(outdated(old, now))).toEqual([near(1).address]);
  expect(outdated([near(1, now - 1), near(2, now - LONGEST_MS)], now)).toEqual([]);
});
