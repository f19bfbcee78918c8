import { describe, expect, it } from "vitest";
import { checked, gap, type Step } from "./checking";
import { type FactProof, type LogHead, leafOf, signed, touched } from "./prove";
import made from "./made.json";

const given = made as unknown as { logs: LogHead[]; facts: FactProof[] };
const there = (log: LogHead) => Promise.resolve({ key: log.key, checkpoint: log.checkpoint });

async function steps(evidence: typeof given, published = there): Promise<Step[]> {
  const found: Step[] = [];
  for await (const step of checked(evidence, published)) found.push(step);
  return found;
}
const wrong = (found: Step[]) => found.filter((each) => each.why).map((each) => [each.kind, each.of, each.why]);
const first = <T>(list: T[]): T => list[0] as T;

describe("evidence that a city made", () => {
  it("holds, step by step", async () => {
    const found = await steps(given);
    expect(wrong(found)).toEqual([]);
    expect(found.map((each) => each.kind)).toEqual(["signature", "growth", "published", ...given.facts.map(() => "fact"), "whole"]);
  });
  it("shows which fact was touched, and why it falls", async () => {
    for (const [at, fact] of given.facts.entries()) {
      const facts = given.facts.map((each, place) => (place === at ? touched(each) : each));
      expect(wrong(await steps({ ...given, facts }))).toEqual([["fact", fact.id, "root_other"]]);
    }
  });
  it("sees another place, a longer and a shorter path, another salt", async () => {
    const fact = first(given.facts);
    const change = async (more: Partial<FactProof>) => first(wrong(await steps({ ...given, facts: [{ ...fact, ...more }, ...given.facts.slice(1)] })))?.[2];
    expect(await change({ index: fact.index + 1 })).toBe("root_other");
    expect(await change({ index: 1e6 })).toBe("place_outside");
    expect(await change({ path: [...fact.path, first(fact.path)] })).toBe("path_long");
    expect(await change({ path: fact.path.slice(0, -1) })).toBe("path_short");
    expect(await change({ salt: "AAAA" })).toBe("salt_form");
    expect(await change({ id: "case/other#1" })).toBe("other_fact");
  });
  it("sees a head that was signed by nobody, and a log that was rewritten", async () => {
    const log = first(given.logs);
    const change = async (more: Partial<LogHead>) => wrong(await steps({ ...given, logs: [{ ...log, ...more }] })).map((each) => `${each[0]} ${each[2]}`);
    const other = log.checkpoint.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`);
    expect(await change({ checkpoint: other })).toContain("signature signature_wrong");
    expect(await change({ consistency: [...log.consistency].reverse() })).toContain("growth growth_other");
    expect(await change({ key: `x${log.key}` })).toContain("signature key_form");
    expect(wrong(await steps(given, () => Promise.resolve({ key: "another", checkpoint: log.checkpoint }))).map((each) => each[2])).toEqual(["key_other"]);
  });
  it("sees a number that is missing", async () => {
    expect(gap(["case/a#1", "report/b#1", "case/a#2"])).toBe(false);
    expect(gap(["case/a#1", "case/a#3"])).toBe(true);
    const facts = given.facts.slice(1);
    expect(wrong(await steps({ ...given, facts })).map((each) => each[2])).toEqual(["gap"]);
  });
  it("does not depend on how the browser checks signatures", async () => {
    const { verifyAsync } = await import("@noble/ed25519");
    const raw = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (each) => parseInt(each, 16));
    // RFC 8032, test 1: the empty message
    const key = raw("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const good = raw(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    const bad = good.slice();
    bad[3] = (bad[3] ?? 0) ^ 1;
    for (const check of [signed, (k: Uint8Array, m: Uint8Array, s: Uint8Array) => verifyAsync(s, m, k)]) {
      expect(await check(key, new Uint8Array(), good)).toBe(true);
      expect(await check(key, new Uint8Array(), bad)).toBe(false);
    }
    expect((await leafOf(first(given.facts))).length).toBe(32);
  });
});
