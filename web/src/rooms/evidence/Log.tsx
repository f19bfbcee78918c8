/** A log that holds facts of the case: whose it is, and that it only grew. */
import { useState } from "react";
import { Button } from "@/ui/ui";
import type { LogHead, Step } from "./checking";
import { stepKey } from "./useChecked";
import css from "./evidence.module.css";
import { evidence as room } from "./words";

/** ✓, ✗ or ○, in words too; what does not hold says why. */
export function Mark({ step }: { step: Step | undefined }) {
  const say = room.use();
  const [glyph, words, holds] = !step ? ["○", say("waits"), "waits"] : step.why ? ["✗", say("fails"), "no"] : ["✓", say("holds"), "yes"];
  return (
    <>
      <span className={css.mark} data-holds={holds} role="img" aria-label={words}>
        {glyph}
      </span>
      {step?.why && (
        <strong className={css.why} role="alert">
          {say(`why_${step.why}`)}
        </strong>
      )}
    </>
  );
}

export function Log({ log, steps }: { log: LogHead; steps: ReadonlyMap<string, Step> }) {
  const say = room.use();
  const [copied, setCopied] = useState(false);
  const of = (kind: Step["kind"]) => steps.get(stepKey({ kind, of: log.origin }));
  const [old, size] = of("growth")?.sizes ?? [sizeOf(log.earlier), sizeOf(log.checkpoint)];
  return (
    <div className={css.log}>
      <p>
        <span className={css.quiet}>{say("key")}</span> <code className={css.key}>{log.key}</code>
      </p>
      <p className={css.quiet}>
        {say("keySay")}{" "}
        <Button
          onClick={() => {
            void navigator.clipboard.writeText(log.key).then(() => setCopied(true));
          }}
        >
          {copied ? say("copied") : say("copy")}
        </Button>
      </p>
      <ul className={css.steps}>
        <li>
          <Mark step={of("signature")} /> {say("signature", { size })}
        </li>
        <li>
          <Mark step={of("growth")} /> {say("growth", { old, size })}
        </li>
        <li>
          <Mark step={of("published")} /> {say("published", { size: of("published")?.sizes?.[1] ?? size })}
        </li>
      </ul>
    </div>
  );
}

const sizeOf = (note: string): number => Number(note.split("\n")[1] ?? 0);
