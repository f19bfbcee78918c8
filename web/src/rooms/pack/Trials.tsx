/** The sandbox's answer: how many decisions another pack would have made otherwise, and each of them. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Button, Empty, Notice, Progress, Select, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Line, type Outcome, running, type Trial, useLines, useNames, useTrial, useTrials } from "./data";
import css from "./pack.module.css";
import { short, whoSays } from "./saying";
import { pack } from "./words";

const KINDS = ["dispatch", "filing", "deadline"];
const PARTS = ["unit", "how", "level", "assist", "limit", "due", "sign_due", "dispatch_due", "accept_due"];

export function Trials() {
  const say = pack.use();
  const trials = useTrials();
  if (!trials.data) return <Skeleton rows={6} says={say("loading")} />;
  if (trials.data.length === 0) return <Empty>{say("noTrials")}</Empty>;
  return (
    <>
      {trials.data.map((each) => (
        <article key={each.id} className={css.card}>
          <Answer trial={each} />
        </article>
      ))}
    </>
  );
}

/** A trial in a few numbers, or how far it is. */
export function Answer({ trial }: { trial: Trial }) {
  const say = pack.use();
  const code = useCode();
  const { score } = trial;
  const last = new Date(new Date(trial.until).getTime() - 1000).toISOString();
  const calm = trial.state === "done" && !score.dispatches_changed && !score.filings_changed && !score.deadlines_changed;
  return (
    <div className={css.stack}>
      <div className={css.row}>
        <strong>{say("trialOf", { digest: short(trial.digest) })}</strong>
        <span className={css.tag}>{code(`trial.state.${trial.state}`)}</span>
        {trial.remedy && <Link href="/evaluate/why">{say("fromWhy")}</Link>}
        <span className={css.quiet}>
          {say("days", { from: moment(trial.since), to: moment(last) })} · {say("by", { who: whoSays(trial.by), when: moment(trial.asked_at) })}
        </span>
      </div>
      {running(trial) && <Progress value={trial.done} max={trial.size || 1} says={say("progress", { done: trial.done.toLocaleString("en"), size: trial.size.toLocaleString("en") })} />}
      {trial.state === "failed" && <Notice tone="wrong">{code(`error.${trial.error ?? ""}`)}</Notice>}
      {calm && <p>{say("nothingDiffers")}</p>}
      {trial.state === "done" && (
        <>
          <div className={css.score}>
            <Count many={score.dispatches_changed} of={score.dispatches} says={say("dispatchesWould")} />
            <Count many={score.deadlines_changed} of={score.deadlines} says={say("deadlinesWould")} />
            <Count many={score.filings_changed} of={score.filings} says={say("filingsWould")} />
            <div title={say("unknownWhy")}>
              <b>{(score.unknown ?? 0).toLocaleString("en")}</b>
              {say("unknownWould")}
            </div>
          </div>
          <p>
            <Link href={route`/pack/trials/${trial.id}`}>{say("see")}</Link>
          </p>
        </>
      )}
    </div>
  );
}

function Count({ many = 0, of = 0, says }: { many?: number; of?: number; says: string }) {
  const say = pack.use();
  return (
    <div data-loud={many > 0 || undefined}>
      <b>{say("of", { many: many.toLocaleString("en"), of: of.toLocaleString("en") })}</b>
      {says}
    </div>
  );
}

/** Each decision that would differ. */
export function TrialPage({ id }: { id: string }) {
  const say = pack.use();
  const code = useCode();
  const { words } = useSaid();
  const [asked, ask] = useAsked();
  const trial = useTrial(id);
  const unknown = asked.unknown ?? "false";
  const lines = useLines(id, { kind: asked.kind ?? "", changed: asked.changed ?? "", unknown });
  if (trial.isLoadingError) return <Notice tone="wrong">{told(trial.error, words)}</Notice>;
  if (!trial.data) return <Skeleton rows={6} says={say("loading")} />;
  const rows = lines.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className={css.card}>
        <Answer trial={trial.data} />
      </div>
      <div className={css.row}>
        <Select label={say("kinds")} value={asked.kind ?? ""} empty={say("allKinds")} choices={KINDS.map((each) => [each, code(`trial.kind.${each}`)])} onChange={(event) => ask({ kind: event.target.value })} />
        <Select label={say("part")} value={asked.changed ?? ""} empty={say("allKinds")} choices={PARTS.map((each) => [each, code(`trial.part.${each}`)])} onChange={(event) => ask({ changed: event.target.value })} />
        <Select
          label={say("outcome")}
          value={unknown}
          choices={[
            ["false", say("differs")],
            ["true", say("unknown")],
          ]}
          onChange={(event) => ask({ unknown: event.target.value })}
        />
      </div>
      {lines.isPending && <Skeleton rows={8} says={say("loading")} />}
      {lines.data && rows.length === 0 && <Empty>{say("nothingDiffers")}</Empty>}
      {rows.length > 0 && <Lines rows={rows} />}
      {lines.hasNextPage && <Button onClick={() => void lines.fetchNextPage()}>{say("more")}</Button>}
    </>
  );
}

function Lines({ rows }: { rows: readonly Line[] }) {
  const say = pack.use();
  const code = useCode();
  return (
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
    <div className={css.scroll} tabIndex={0} role="group" aria-label={say("see")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("case")}</th>
            <th scope="col">{say("part")}</th>
            <th scope="col">{say("was")}</th>
            <th scope="col">{say("wouldBe")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((each) => (
            <tr key={each.seq}>
              <th scope="row">
                <Link href={route`/console?case=${each.case_id}`}>{each.number ?? say("noNumber")}</Link>
                <br />
                <span className={css.quiet}>
                  {moment(each.at)} · {code(`trial.kind.${each.kind}`)}
                </span>
              </th>
              <td>{each.changed.map((part) => code(`trial.part.${part}`)).join(", ")}</td>
              <td>
                <Said one={each.before} />
              </td>
              <td>{each.after ? <Said one={each.after} loud={each.changed} /> : <span className={css.quiet}>{each.note ? code(`trial.note.${each.note}`) : say("unknown")}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Said({ one, loud = [] }: { one: Outcome; loud?: readonly string[] }) {
  const say = pack.use();
  const code = useCode();
  const language = useLanguage();
  const { data: names } = useNames();
  const unit = (id: string) => named(names?.units[id], language) || id;
  const tone = (part: string) => (loud.includes(part) ? css.now : undefined);
  const due = one.due ?? one.dispatch_due ?? one.accept_due;
  return (
    <div>
      <span className={tone("how")}>{code(`trial.how.${one.how}`)}</span> {one.unit && <span className={tone("unit")}>{unit(one.unit)}</span>}
      {one.assist && one.assist.length > 0 && <span className={tone("assist")}> + {one.assist.map(unit).join(", ")}</span>}
      {one.limit && (
        <span className={tone("limit")}>
          {" · "}
          {one.limit.value} {code(`limit.${one.limit.unit}`)}
        </span>
      )}
      {due && <span className={tone("due") ?? tone("dispatch_due") ?? tone("accept_due")}> · {say("due", { when: moment(due) })}</span>}
      {one.why && one.why.length > 0 && <div className={css.quiet}>{one.why.map((each) => whySays(each, code)).join(" · ")}</div>}
    </div>
  );
}

/** A reason in words: `row:pothole` stays as it is, `rule_asks_person` has words. */
function whySays(why: string, code: ReturnType<typeof useCode>): string {
  const key = `why.${why.split(":")[0]}`;
  const words = code(key);
  const rest = why.includes(":") ? why.slice(why.indexOf(":") + 1) : "";
  return words === key ? why : words.includes("{") ? why : `${words}${rest ? ` ${rest}` : ""}`;
}
