/** The steps of checking, as they come; begun anew whenever the evidence changes. */
import { useEffect, useState } from "react";
import { checked, type Evidence, type Published, type Step } from "./checking";
import { able } from "./prove";

export interface Checking {
  steps: ReadonlyMap<string, Step>;
  over: boolean;
}
const NONE: Checking = { steps: new Map(), over: false };

export const stepKey = (step: { kind: string; of: string }): string => `${step.kind} ${step.of}`;

/** What is known so far. Shown a few times a second: a long case has many steps. */
export function useChecked(evidence: Evidence | undefined, published: Published): Checking {
  const [found, setFound] = useState<{ of: Evidence | undefined; checking: Checking }>({ of: undefined, checking: NONE });
  useEffect(() => {
    if (!evidence || !able()) return;
    let gone = false;
    void (async () => {
      const steps = new Map<string, Step>();
      let shown = 0;
      for await (const step of checked(evidence, published)) {
        if (gone) return;
        steps.set(stepKey(step), step);
        if (performance.now() - shown > 120) {
          shown = performance.now();
          setFound({ of: evidence, checking: { steps: new Map(steps), over: false } });
        }
      }
      if (!gone) setFound({ of: evidence, checking: { steps, over: true } });
    })();
    return () => {
      gone = true;
    };
  }, [evidence, published]);
  return found.of === evidence ? found.checking : NONE;
}
