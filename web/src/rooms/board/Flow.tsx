/** Today through the seven steps: what passed, what waits, and of that what is late. */
import { useLanguage } from "@/words/words";
import type { Step, Wall } from "./api";
import { type Open, Title } from "./Board";
import css from "./board.module.css";
import { fullest, left, share } from "./shape";
import { board } from "./words";

type Name = "sense" | "understand" | "foresee" | "handle" | "inspect" | "evaluate" | "reward";

export function Flow({ wall, open }: { wall: Wall; open: Open }) {
  const say = board.use();
  const most = Math.max(1, ...wall.flow.filter((each) => each.step !== "foresee").map((each) => each.waiting ?? 0));
  const full = fullest(wall);
  return (
    <section className={css.flow} aria-label={say("flow")}>
      <Title>{say("flow")}</Title>
      <ol>
        {wall.flow.map((step) => (
          <StepRow key={step.step} step={step} most={most} full={step.step === full} at={wall.at} open={open} />
        ))}
      </ol>
    </section>
  );
}

function StepRow({ step, most, full, at, open }: { step: Step; most: number; full: boolean; at: string; open: Open }) {
  const say = board.use();
  const language = useLanguage();
  const name = step.step as Name;
  const off = step.passed == null && step.waiting == null;
  const waits = name === "foresee" ? say("foreseeWaiting") : say("waiting");
  const late = name === "foresee" ? say("foreseeLate") : name === "evaluate" ? say("evaluateLate") : say("late");
  const age = step.oldest_at ? (Date.parse(at) - Date.parse(step.oldest_at)) / 1000 : null;
  const bar = name === "understand" || name === "handle" || name === "inspect";
  return (
    <li className={css.step} data-full={full && bar} data-off={off}>
      <span className={css.sign} aria-hidden="true" lang="zh">
        {say(name)}
      </span>
      <div className={css.stepName}>
        <h3>{say(`${name}Name`)}</h3>
        {off ? <p>{say("off")}</p> : bar && age !== null ? <p>{say("oldest", { time: left(age, language) })}</p> : null}
      </div>
      {step.passed != null && (
        <Number label={say(`${name as "sense"}Passed`)} value={step.passed} onOpen={() => open({ key: step.passed_key ?? "", name: say(`${name as "sense"}Passed`), count: step.passed ?? 0 })} />
      )}
      {step.waiting != null && (
        <Number label={waits} value={step.waiting} onOpen={() => open({ key: step.waiting_key ?? "", name: `${say(`${name}Name`)} ${waits}`, count: step.waiting ?? 0 })} />
      )}
      {step.late != null && (
        <Number label={late} value={step.late} late={step.late > 0 && name !== "foresee"} onOpen={() => open({ key: step.late_key ?? "", name: `${say(`${name}Name`)} ${late}`, count: step.late ?? 0 })} />
      )}
      {bar && (
        <svg className={css.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect className={css.barAll} width={100 * share(step.waiting ?? 0, most)} height="4" />
          <rect className={css.barLate} width={100 * share(step.late ?? 0, most)} height="4" />
        </svg>
      )}
    </li>
  );
}

function Number({ label, value, late, onOpen }: { label: string; value: number; late?: boolean; onOpen: () => void }) {
  return (
    <button type="button" className={css.number} data-late={late} onClick={onOpen}>
      <strong>{value}</strong>
      <span>{label}</span>
    </button>
  );
}
