/** How far those are that were asked for; the one that is done is opened. */
import { useEffect, useRef } from "react";
import { useCode } from "@/api/codes";
import { Notice, Progress } from "@/ui/ui";
import css from "./bulletins.module.css";
import { useJobs } from "./data";
import { bulletins as room } from "./words";

export function Making({ onDone }: { onDone: (id: string) => void }) {
  const say = room.use();
  const code = useCode();
  const { data: jobs = [] } = useJobs();
  const waited = useRef(new Set<string>());
  const going = jobs.filter((each) => each.state === "waiting" || each.state === "running");
  const failed = jobs.filter((each) => each.state === "failed").slice(0, 1);
  useEffect(() => {
    for (const each of jobs) {
      if (each.state === "waiting" || each.state === "running") waited.current.add(each.id);
      else if (waited.current.delete(each.id) && each.bulletin) onDone(each.bulletin);
    }
  });
  if (going.length + failed.length === 0) return null;
  return (
    <section className={css.making} aria-label={say("making")} aria-live="polite">
      {going.map((each) => (
        <Progress key={each.id} value={each.done} max={each.size} says={say("step", { title: each.title, step: code(each.state === "waiting" ? "bulletin.job.waiting" : `bulletin.step.${each.step}`) })} />
      ))}
      {failed.map((each) => (
        <Notice key={each.id} tone="wrong">
          {say("failed", { title: each.title, error: code(`error.${each.error ?? ""}`) })}
        </Notice>
      ))}
    </section>
  );
}
