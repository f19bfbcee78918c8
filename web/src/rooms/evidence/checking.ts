/** All that is checked of a case, step by step; each tells whether it holds, and if not, exactly what does not. */
import { Broken, type FactProof, grown, type Head, type LogHead, opened, proved, type Said, type Why, bytesOf } from "./prove";

export type Kind = "signature" | "published" | "growth" | "fact" | "whole";
export interface Step {
  kind: Kind;
  /** the log, or the fact's id */
  of: string;
  why: Why | null;
  sizes?: [earlier: number, newest: number];
}
export interface Evidence {
  logs: LogHead[];
  facts: FactProof[];
}
/** What the city publishes for everybody: asked on another way than the evidence itself. */
export type Published = (log: LogHead) => Promise<{ key: string; checkpoint: string }>;

async function step(kind: Kind, of: string, work: () => Promise<[number, number] | void>): Promise<Step> {
  try {
    const sizes = await work();
    return { kind, of, why: null, ...(sizes ? { sizes } : {}) };
  } catch (error) {
    if (error instanceof Broken) return { kind, of, why: error.why };
    throw error;
  }
}

/** Every step, as soon as it is known. */
export async function* checked(evidence: Evidence, published: Published): AsyncGenerator<Step> {
  const heads = new Map<string, Head>();
  for (const log of evidence.logs) {
    yield await step("signature", log.origin, async () => {
      const head = await opened(log.checkpoint, log.key);
      heads.set(log.origin, head);
      return [head.size, head.size];
    });
    yield await step("growth", log.origin, async () => {
      const [old, head] = [await opened(log.earlier, log.key), heads.get(log.origin)];
      if (!head) throw new Broken("signature_wrong");
      await grown(old, head, log.consistency.map((each) => bytesOf(each)));
      return [old.size, head.size];
    });
    yield await step("published", log.origin, async () => {
      const [there, head] = [await published(log), heads.get(log.origin)];
      if (there.key !== log.key) throw new Broken("key_other");
      const now = await opened(there.checkpoint, there.key);
      if (!head || now.size < head.size) throw new Broken("growth_form");
      if (now.size === head.size) await grown(head, now, []);
      return [head.size, now.size];
    });
  }
  for (const fact of evidence.facts)
    yield await step("fact", fact.id, async () => {
      const head = heads.get(fact.origin);
      if (!head) throw new Broken("signature_wrong");
      await proved(fact, head);
    });
  yield await step("whole", "", async () => {
    if (gap(evidence.facts.map((each) => each.id))) throw new Broken("gap");
  });
}

/** Whether the facts of a subject are not numbered 1, 2, 3 … */
export function gap(ids: string[]): boolean {
  const next = new Map<string, number>();
  return ids.some((id) => {
    const [subject = "", no] = id.split("#");
    const wanted = (next.get(subject) ?? 0) + 1;
    next.set(subject, wanted);
    return Number(no) !== wanted;
  });
}

export type { FactProof, LogHead, Said };
