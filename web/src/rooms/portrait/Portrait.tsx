/** Portraits: one object beside its fair peers, number by number, and how each went; a person's only for themselves and who leads them. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { send } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import type { components } from "@/api/schema";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { dayOf, moment } from "@/lib/dates";
import { Chart } from "@/ui/chart";
import { Empty, Field, Notice, Select, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import css from "./portrait.module.css";
import { portrait as room } from "./words";

type Schemas = components["schemas"];
type Shown = Schemas["Portrait"];
type Mark = Schemas["PortraitMark"];
const KINDS = ["unit", "street", "class", "team", "person", "contractor", "shop"] as const;
const PERIODS = ["week", "month", "quarter", "year"] as const;
const LEAST_SHOWN = 4; // of a count: so that no scale has parts of a case
const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
const count = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });
const writing = (measure: Mark["measure"]) => (measure === "count" ? count : percent);

export default function Portrait() {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const { me } = useMe();
  const [asked, ask] = useAsked();
  const reads = may(me, "figures.read");
  const kind = KINDS.find((each) => each === asked.of) ?? (reads ? "unit" : "person");
  const period = PERIODS.find((each) => each === asked.period) ?? "month";
  const on = asked.on ?? dayOf(new Date());
  const choices = useChoices(kind, period, on, reads);
  const object = asked.object ?? (kind === "person" ? "me" : choices[0]?.[0]) ?? "";
  const found = useQuery({
    queryKey: ["portrait", kind, object, period, on],
    enabled: object !== "",
    queryFn: () => send<Shown>("GET", route`/v1/portraits/${kind}?${new URLSearchParams({ object, period, on })}`),
  });
  const name = choices.find(([key]) => key === object)?.[1] ?? object;
  return (
    <main className={css.page}>
      <header>
        <h1>{say("title")}</h1>
        <p className={css.quiet}>{say("lead")}</p>
      </header>
      <form className={css.asked} aria-label={say("whose")} onSubmit={(event) => event.preventDefault()}>
        {reads && <Select label={say("kind")} value={kind} choices={KINDS.map((each) => [each, code(`portrait.of.${each}`)] as const)} onChange={(event) => ask({ of: event.target.value, object: "" })} />}
        <Select label={say("whose")} value={object} choices={choices} onChange={(event) => ask({ object: event.target.value })} />
        <Select label={say("period")} value={period} choices={PERIODS.map((each) => [each, say(each)] as const)} onChange={(event) => ask({ period: event.target.value })} />
        <Field label={say("on")} type="date" value={on} onChange={(event) => ask({ on: event.target.value })} />
      </form>
      {found.isError && <Notice tone="wrong">{told(found.error, words)}</Notice>}
      {found.isPending && object !== "" && <Skeleton rows={8} says={say("loading")} />}
      {object === "" && <Empty>{say("nobody")}</Empty>}
      {found.data && <Whole shown={found.data} name={name} />}
    </main>
  );
}

/** Whom one may choose: those of whom anything was counted in these days. */
function useChoices(kind: (typeof KINDS)[number], period: string, on: string, reads: boolean): (readonly [string, string])[] {
  const say = room.use();
  const language = useLanguage();
  const found = useQuery({
    queryKey: ["portrait", "choices", kind, period, on],
    enabled: reads,
    queryFn: () => send<Schemas["PortraitObject"][]>("GET", route`/v1/portraits/${kind}/objects?${new URLSearchParams({ period, on })}`),
  });
  const objects = found.data ?? [];
  const ids = kind === "person" ? objects.map((each) => each.object.slice(8)) : [];
  const people = useQuery({
    queryKey: ["figures", "people", ids],
    enabled: ids.length > 0,
    queryFn: () => send<Record<string, string>>("GET", route`/v1/screens/figures/people?ids=${ids.join(",")}`),
  });
  const known = objects.map((each) => [each.object, (kind === "person" ? people.data?.[each.object.slice(8)] : named(each.name, language)) || each.object] as const);
  return kind === "person" ? [["me", say("me")] as const, ...known] : known;
}

function Whole({ shown, name }: { shown: Shown; name: string }) {
  const say = room.use();
  const language = useLanguage();
  const of = (standing: Mark["standing"]) => shown.marks.filter((each) => each.standing === standing).map((each) => named(shown.metrics[each.metric], language));
  const strong = of("strong");
  const weak = of("weak");
  const peers = Object.values(shown.names).map((each) => named(each, language));
  if (shown.marks.length === 0) return <Empty>{say("nothing", { name })}</Empty>;
  return (
    <>
      <section className={css.sums}>
        <p>
          <b>{say("strong")}</b> {strong.length ? strong.join("、") : say("none")}
        </p>
        <p>
          <b>{say("weak")}</b> {weak.length ? weak.join("、") : say("none")}
        </p>
        <p className={css.quiet}>{say("asOf", { first: shown.span.first_day, last: shown.span.last_day, at: moment(shown.as_of), seq: shown.seq.toLocaleString("en") })}</p>
      </section>
      <table className={css.marks}>
        <caption>{say("beside", { name })}</caption>
        <thead>
          <tr>
            <th scope="col">{say("metric")}</th>
            <th scope="col" className={css.number}>{say("value")}</th>
            <th scope="col" className={css.number}>{say("counted")}</th>
            <th scope="col" className={css.number}>{say("middle")}</th>
            <th scope="col">{say("percentile")}</th>
            <th scope="col">{say("standing")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.marks.map((each) => (
            <Row key={each.metric} mark={each} name={named(shown.metrics[each.metric], language)} person={shown.of === "person"} />
          ))}
        </tbody>
      </table>
      <p className={css.quiet}>{say("fair")}</p>
      {shown.of === "contractor" && <p className={css.quiet}>{say("contractors")}</p>}
      {shown.of === "shop" && <p className={css.quiet}>{say("shops")}</p>}
      {peers.length > 0 && (
        <details>
          <summary>{say("peers", { n: peers.length })}</summary>
          <p>{peers.join("、")}</p>
        </details>
      )}
      <div className={css.courses}>
        {shown.courses.map((each) => (
          <Chart
            key={each.metric}
            kind="line"
            finding={named(shown.metrics[each.metric], language)}
            measure={say(each.measure === "count" ? "byWeekCount" : "byWeek")}
            labels={each.weeks.map((week) => week.slice(5))}
            series={[{ key: each.metric, name: named(shown.metrics[each.metric], language), values: each.values }]}
            write={writing(each.measure)}
            least={0}
            most={each.measure === "count" ? Math.max(LEAST_SHOWN, ...each.values.map((value) => value ?? 0)) : 1}
            height={170}
          />
        ))}
      </div>
    </>
  );
}

function Row({ mark, name, person }: { mark: Mark; name: string; person: boolean }) {
  const say = room.use();
  const code = useCode();
  const write = writing(mark.measure);
  return (
    <tr>
      <th scope="row">
        {name} <small className={css.quiet}>{mark.is_less_better ? say("less") : ""}</small>
      </th>
      <td className={css.number}>
        {write(mark.value)} <small className={css.quiet}>{say("interval", { low: write(mark.low), high: write(mark.high) })}</small>
      </td>
      <td className={css.number}>
        {mark.numerator}
        {mark.denominator !== null && "/"}
        {mark.denominator}
      </td>
      <td className={css.number}>{mark.middle === null ? "–" : write(mark.middle)}</td>
      <td>
        {mark.percentile === null ? (
          <span className={css.quiet}>{person || mark.standing !== "alone" ? "–" : say("of", { n: mark.peers.length })}</span>
        ) : (
          <svg className={css.bar} viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label={say("better", { n: Math.round(mark.percentile) })}>
            <rect x="0" y="4" width="100" height="4" className={css.track} />
            <rect x="25" y="4" width="50" height="4" className={css.half} />
            <rect x={Math.min(98, mark.percentile)} y="0" width="2" height="12" className={css.mark} />
          </svg>
        )}
      </td>
      <td data-standing={mark.standing}>{code(`portrait.standing.${mark.standing}`)}</td>
    </tr>
  );
}
