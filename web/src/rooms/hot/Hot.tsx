/** Hot issues with their heat and cases, growing ones first; and what is expected to come back before anybody complains. */
import { route } from "@/lib/paths";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, data, send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Waiting } from "@/api/Waiting";
import { moment } from "@/lib/dates";
import { Button, Notice } from "@/ui/ui";
import css from "./hot.module.css";
import { hot as room } from "./words";

const fetched = () => data(api.GET("/v1/screens/hot"));
type Screen = NonNullable<Awaited<ReturnType<typeof fetched>>>;
const two = (value: number) => value.toFixed(2);

export default function Hot() {
  const say = room.use();
  const asked = useQuery({ queryKey: ["hot"], queryFn: fetched, refetchInterval: 300_000 });
  if (asked.data) return <Shown screen={asked.data} />;
  return (
    <main className={css.page}>
      <h1>{say("title")}</h1>
      <Waiting asked={asked} loading={say("loading")} retry={say("retry")} />
    </main>
  );
}

function Shown({ screen }: { screen: Screen }) {
  const say = room.use();
  return (
    <main className={css.page}>
      <header>
        <h1>{say("title")}</h1>
        <p className={css.quiet}>{say("lead", { since: moment(screen.since), at: moment(screen.at) })}</p>
      </header>
      <section>
        <h2>{say("issues")}</h2>
        {screen.issues.length === 0 && <p className={css.quiet}>{say("none")}</p>}
        <ol className={css.list}>
          {screen.issues.map((issue) => (
            <Issue key={`${issue.title}${issue.first_at}`} issue={issue} />
          ))}
        </ol>
      </section>
      <section>
        <h2>{say("expected")}</h2>
        <p className={css.quiet}>{say("expectedLead")}</p>
        {screen.is_more && <p className={css.quiet}>{say("moreExpected")}</p>}
        {screen.expected.length === 0 && <p>{say("noneExpected")}</p>}
        <ol className={css.list}>
          {screen.expected.map((each) => (
            <li key={each.last}>
              <span className={css.quiet}>{say("by", { at: moment(each.due) })}</span>
              <div className={css.body}>
                <h3>
                  {each.title} <span className={css.quiet}>{each.place}</span>
                </h3>
                <p>{each.why === "pause" ? say("pause", { times: each.times, days: each.pause_days ?? 0 }) : say("season", { times: each.times })}</p>
                <p className={css.quiet}>
                  {say("unit")} {each.unit} · <Link href={route`/console?case=${each.last}`}>{say("last")}</Link> {each.number}
                </p>
                <LookAhead last={each.last} by={each.due} />
              </div>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2>{say("copies")}</h2>
        <p className={css.quiet}>{say("copiesLead")}</p>
        {screen.copies.length === 0 && <p>{say("noCopies")}</p>}
        <ol className={css.list}>
          {screen.copies.map((each) => (
            <li key={`${each.what}${each.cases[0]?.id}`}>
              <b>{say(each.what)}</b>
              <div className={css.body}>
                <p>{say("messages", { n: each.reports, people: each.people })}</p>
                <Cases cases={each.cases} />
              </div>
            </li>
          ))}
        </ol>
      </section>
    </main>
  );
}

/** Before anybody complains: a report of the city's own, asked for once. */
function LookAhead({ last, by }: { last: string; by: string }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useMutation({ mutationFn: () => send("POST", route`/v1/cases/${last}/look-ahead`, { by }) });
  return (
    <div role="status" aria-live="polite">
      {asked.isSuccess ? <p className={css.quiet}>✓ {say("lookAheadDone")}</p> : <Button onClick={() => asked.mutate()}>{say("lookAhead")}</Button>}
      {asked.error && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
    </div>
  );
}

function Issue({ issue }: { issue: Screen["issues"][number] }) {
  const say = room.use();
  const { heat } = issue;
  return (
    <li>
      <b className={css.heat} aria-label={`${say("heat")} ${two(heat.heat)}`}>
        {two(heat.heat)}
      </b>
      <div className={css.body}>
        <h3>
          {issue.title} <span className={css.quiet}>{issue.place}</span>
          {issue.is_growing && <span className={css.growing}>↗ {say("growing")}</span>}
        </h3>
        <p>
          {say("messages", { n: issue.messages, people: issue.people })} · {say("openCases", { n: issue.open_cases })} ·{" "}
          {say("since", { first: moment(issue.first_at), last: moment(issue.last_at) })}
        </p>
        {issue.again > 0 && <p className={css.again}>{say("again", { n: issue.again })}</p>}
        {issue.telling.length > 0 && (
          <p className={css.quiet}>
            {say("also")} {issue.telling.join("、")}
          </p>
        )}
        <p className={css.quiet}>{say("heatOf", { fresh: two(heat.fresh), together: two(heat.together), growth: two(heat.growth), placed: two(heat.placed) })}</p>
        <Cases cases={issue.cases} />
      </div>
    </li>
  );
}

function Cases({ cases }: { cases: Screen["issues"][number]["cases"] }) {
  const say = room.use();
  return (
    <details>
      <summary>{say("cases", { n: cases.length })}</summary>
      <ul className={css.cases}>
        {cases.map((each) => (
          <li key={each.id}>
            <Link href={route`/console?case=${each.id}`}>
              {each.title} {each.number}
            </Link>{" "}
            <span className={css.quiet}>
              {each.state} {moment(each.opened_at)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
