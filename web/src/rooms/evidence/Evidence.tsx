/** The evidence of a case: its story as facts, each checked here and now, and a file to take away. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, data, takeAway } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { named, useLanguage } from "@/words/words";
import { Button, ButtonLink, Empty, Notice, Progress, Skeleton } from "@/ui/ui";
import type { LogHead, Published } from "./checking";
import { Fact } from "./Fact";
import { Log, Mark } from "./Log";
import { able, touched } from "./prove";
import { stepKey, useChecked } from "./useChecked";
import css from "./evidence.module.css";
import { evidence as room } from "./words";

const AGAIN_MS = 2_000;

async function text(path: string): Promise<string> {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Refusal({ status: answer.status, code: `http.${answer.status}` });
  return answer.text();
}
const published: Published = async (log: LogHead) => ({
  key: (await text(route`/evidence/${log.no}/key`)).trim(),
  checkpoint: await text(route`/evidence/${log.no}/checkpoint`),
});

export default function Evidence({ caseId }: { caseId: string }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useQuery({
    queryKey: ["evidence", caseId],
    queryFn: () => fetched(caseId),
    staleTime: Infinity, // what is checked stays what was fetched
    retry: (count, error) => error instanceof Refusal && error.code === "journal.not_sealed" && count < 15,
    retryDelay: AGAIN_MS,
  });
  const waiting = asked.failureReason instanceof Refusal && asked.failureReason.code === "journal.not_sealed";
  if (asked.data) return <Shown caseId={caseId} given={asked.data} />;
  return (
    <main className={css.page}>
      <h1>{say("title")}</h1>
      {asked.error ? (
        <Empty>
          <Notice tone="wrong">{told(asked.error, words)}</Notice>
          <p>
            <Button onClick={() => void asked.refetch()}>{say("retry")}</Button>
          </p>
        </Empty>
      ) : (
        <>
          {waiting && <Notice>{say("notSealed")}</Notice>}
          <Skeleton rows={8} says={say("loading")} />
        </>
      )}
    </main>
  );
}

const fetched = (id: string) => data(api.GET("/v1/cases/{case_id}/evidence", { params: { path: { case_id: id } } }));
type Given = NonNullable<Awaited<ReturnType<typeof fetched>>>;

function Shown({ caseId, given }: { caseId: string; given: Given }) {
  const say = room.use();
  const code = useCode();
  const [wrong, setWrong] = useState<string | null>(null); // the fact that the reader has touched
  const held = useMemo(
    () => ({ logs: given.logs, facts: given.facts.map((each) => (each.id === wrong ? touched(each) : each)) }),
    [given, wrong],
  );
  const { steps, over } = useChecked(held, published);
  const all = held.logs.length * 3 + held.facts.length + 1;
  const broken = [...steps.values()].filter((each) => each.why);
  const what = useCase(caseId);
  const title = what || (given.number ? "" : say("ofCase")); // a case that nobody has numbered or classed yet still has a heading
  return (
    <main className={css.page}>
      <header className={css.head}>
        <p className={css.kicker}>{say("title")}</p>
        <h1>
          {given.number} {title && <span className={given.number ? css.of : undefined}>{title}</span>}
          {given.simulated && <span className={css.simulated}>{code("says.simulated")}</span>}
        </h1>
        <p className={css.quiet}>
          <code>{given.case}</code>
        </p>
        <p className={css.quiet}>{say("lead")}</p>
      </header>
      {!able() ? (
        <Notice tone="wrong">{say("unable")}</Notice>
      ) : over ? (
        <Verdict count={given.facts.length} broken={broken.length} />
      ) : (
        <Progress value={steps.size} max={all} says={say("checking", { done: steps.size, of: all })} />
      )}
      <div className={css.take}>
        <ButtonLink
          tone="loud"
          href={route`/v1/cases/${caseId}/evidence.zip`}
          onClick={(event) => {
            event.preventDefault();
            void takeAway(route`/v1/cases/${caseId}/evidence.zip`).catch(() => location.assign(route`/v1/cases/${caseId}/evidence.zip`));
          }}
        >
          {say("download")}
        </ButtonLink>
        <ButtonLink href={route`/cases/${caseId}/file`}>{say("file")}</ButtonLink>
        <ButtonLink href={route`/console?case=${caseId}`}>{say("toCase")}</ButtonLink>
        <span className={css.quiet}>{say("downloadSay")}</span>
      </div>
      <section aria-labelledby="log">
        <h2 id="log">{say("log")}</h2>
        {held.logs.map((log) => (
          <Log key={log.origin} log={log} steps={steps} />
        ))}
      </section>
      <section aria-labelledby="facts">
        <h2 id="facts">
          {say("facts")} <span className={css.quiet}>{held.facts.length}</span>
        </h2>
        <ol className={css.facts}>
          {held.facts.map((fact) => (
            <Fact
              key={fact.id}
              fact={fact}
              step={steps.get(stepKey({ kind: "fact", of: fact.id }))}
              isTouched={fact.id === wrong}
              onTouch={() => setWrong(fact.id === wrong ? null : fact.id)}
            />
          ))}
        </ol>
        <p className={css.line}>
          <Mark step={steps.get(stepKey({ kind: "whole", of: "" }))} /> {say("whole")}
        </p>
        <p className={css.quiet}>{say("wholeNot")}</p>
      </section>
    </main>
  );
}

/** What the case is about, in a word. */
function useCase(caseId: string): string {
  const language = useLanguage();
  const asked = useQuery({
    queryKey: ["case", caseId, "class"],
    queryFn: () => data(api.GET("/v1/cases/{case_id}", { params: { path: { case_id: caseId } } })),
    select: (found) => found.class_name,
  });
  return named(asked.data, language);
}

function Verdict({ count, broken }: { count: number; broken: number }) {
  const say = room.use();
  return (
    <div className={css.verdict} data-holds={broken === 0} role="status" aria-live="polite">
      <span className={css.big} aria-hidden="true">
        {broken === 0 ? "✓" : "✗"}
      </span>
      <div>
        <strong>{broken === 0 ? say("allHold", { count }) : say("broken", { count: broken })}</strong>
        <p>{broken === 0 ? say("allHoldSay") : say("brokenSay")}</p>
      </div>
    </div>
  );
}
