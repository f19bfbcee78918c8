/** 以效定资: what the rules would propose for the next quarter, tried first; then proposed, then decided by people. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Button, Empty, Field, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Proposal, type Scheme, type Simulated, useDecide, useProposals, usePropose, useSchemes, useSheet, useSimulation } from "./data";
import { chosenIn, Filters } from "./Filters";
import { plain } from "./formula";
import css from "./scores.module.css";
import { scores } from "./words";

const number = (said: string | undefined) => (said && !Number.isNaN(Number(said)) ? Number(said) : undefined);

export default function Budget() {
  const say = scores.use();
  const { words } = useSaid();
  const { me } = useMe();
  const [asked, ask] = useAsked();
  const days = chosenIn(asked, "quarter");
  const schemes = useSchemes(days);
  const ruled = (schemes.data ?? []).filter((each) => each.budget.length > 0);
  const scheme = ruled.find((each) => each.scheme === asked.scheme) ?? ruled[0];
  const chosen = { ...days, scheme: scheme?.scheme ?? "" };
  const tried = useSimulation(chosen, { above: number(asked.above), below: number(asked.below) }, scheme !== undefined);
  const sheet = useSheet(chosen, scheme !== undefined);
  const propose = usePropose();
  const wrong = schemes.error ?? tried.error;
  const names = sheet.data?.names ?? {};
  const usual = (side: "above" | "below") => scheme?.budget.find((each) => each[side] !== null)?.[side];
  return (
    <main className={css.room}>
      <h1>{say("budgetTitle")}</h1>
      {schemes.isPending && <Skeleton rows={8} says={say("loading")} />}
      {schemes.data && !scheme && <Empty>{say("noRules")}</Empty>}
      {wrong && <Notice tone="wrong">{told(wrong, words)}</Notice>}
      {scheme && (
        <section className={css.part}>
          <h2>{say("simulation")}</h2>
          <p className={css.quiet}>{say("simulationSay")}</p>
          <div className={css.filters}>
            <Filters {...{ chosen, ask }} schemes={ruled} span={tried.data?.[0]} />
            <Field label={say("above")} type="number" step="any" value={asked.above ?? plain(usual("above") ?? 90)} onChange={(event) => ask({ above: event.target.value })} />
            <Field label={say("below")} type="number" step="any" value={asked.below ?? plain(usual("below") ?? 70)} onChange={(event) => ask({ below: event.target.value })} />
          </div>
          {tried.data?.map((each) => <Period key={each.first_day} of={each} {...{ scheme, names }} />)}
          {may(me, "budget.propose") && (
            <div className={css.deeds}>
              <Button tone="loud" disabled={propose.isPending} onClick={() => propose.mutate(chosen)}>
                {say("propose")}
              </Button>
              <span role="status">{propose.isSuccess && say("done")}</span>
            </div>
          )}
          {propose.error && <Notice tone="wrong">{told(propose.error, words)}</Notice>}
        </section>
      )}
      <Proposals schemes={schemes.data ?? []} names={names} />
    </main>
  );
}

interface Named {
  names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function Period({ of, scheme, names }: Named & { of: Simulated; scheme: Scheme }) {
  const say = scores.use();
  return (
    <section className={css.card}>
      <h3>
        {of.first_day} – {of.last_day} <span className={css.quiet}>{say("scored", { n: of.objects })}</span>
      </h3>
      {of.lines.length === 0 ? <p className={css.quiet}>{say("nothingProposed")}</p> : <BudgetLines lines={of.lines} {...{ scheme, names }} />}
    </section>
  );
}

interface Listed extends Named {
  lines: Proposal["lines"];
  scheme: Scheme | undefined;
  taken?: readonly number[] | null;
  chosen?: ReadonlySet<number>;
  onChoose?: (place: number) => void;
}

function BudgetLines({ lines, scheme, names, taken, chosen, onChoose }: Listed) {
  const say = scores.use();
  const language = useLanguage();
  const rule = (code: string) => named(scheme?.budget.find((each) => each.code === code)?.name, language) || code;
  const called = (object: string) => named(names[object], language) || object;
  return (
    <table className={css.lines}>
      <thead>
        <tr>
          {onChoose && <th scope="col">{say("take")}</th>}
          <th scope="col">{say("object")}</th>
          <th scope="col" className={css.right}>
            {say("points")}
          </th>
          <th scope="col">{say("rule")}</th>
          <th scope="col" className={css.right}>
            {say("change")}
          </th>
          {taken && <th scope="col">{say("decide")}</th>}
        </tr>
      </thead>
      <tbody>
        {lines.map((each, place) => (
          <tr key={`${each.object}${each.rule}`}>
            {onChoose && (
              <td>
                <input type="checkbox" aria-label={`${say("take")}: ${called(each.object)}, ${rule(each.rule)}`} checked={chosen?.has(place) ?? false} onChange={() => onChoose(place)} />
              </td>
            )}
            <th scope="row">{called(each.object)}</th>
            <td className={css.right}>{plain(each.points_milli / 1000)}</td>
            <td>{rule(each.rule)}</td>
            <td className={css.right}>{each.change_ppm ? `${each.change_ppm > 0 ? "+" : "−"}${plain(Math.abs(each.change_ppm) / 10_000)}%` : "—"}</td>
            {taken && <td>{say(taken.includes(place) ? "taken" : "notTaken")}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Proposals({ schemes, names }: Named & { schemes: readonly Scheme[] }) {
  const say = scores.use();
  const { words } = useSaid();
  const proposals = useProposals();
  return (
    <section className={css.part}>
      <h2>{say("proposals")}</h2>
      {proposals.isError && <Notice tone="wrong">{told(proposals.error, words)}</Notice>}
      {proposals.isPending && <Skeleton rows={4} says={say("loading")} />}
      {proposals.data?.length === 0 && <Empty>{say("noProposals")}</Empty>}
      {proposals.data?.map((each) => <OneProposal key={each.id} of={each} scheme={schemes.find((scheme) => scheme.scheme === each.scheme)} names={names} />)}
    </section>
  );
}

function OneProposal({ of, scheme, names }: Named & { of: Proposal; scheme: Scheme | undefined }) {
  const say = scores.use();
  const { words } = useSaid();
  const { me } = useMe();
  const decide = useDecide();
  const [chosen, choose] = useState<ReadonlySet<number>>(new Set(of.lines.map((_, place) => place)));
  const waits = of.decided_at === null || of.decided_at === undefined;
  const canDecide = waits && may(me, "budget.decide");
  const flip = (place: number) => choose(new Set(chosen.has(place) ? [...chosen].filter((each) => each !== place) : [...chosen, place]));
  return (
    <section className={css.card}>
      <h3>
        {say("forQuarter", { quarter: of.quarter })} <span className={css.tag}>{waits ? say("waits") : say("decided", { when: moment(of.decided_at ?? "") })}</span>
      </h3>
      <p className={css.quiet}>{say("from", { first: of.first_day, last: of.last_day, when: moment(of.proposed_at) })}</p>
      <BudgetLines lines={of.lines} {...{ scheme, names }} taken={waits ? null : of.taken} {...(canDecide && { chosen, onChoose: flip })} />
      {canDecide && (
        <div className={css.deeds}>
          <Button tone="loud" why={of.proposed_by === me?.account ? say("own") : null} disabled={decide.isPending} onClick={() => decide.mutate({ id: of.id, taken: [...chosen].sort((a, b) => a - b) })}>
            {say("decide")}
          </Button>
        </div>
      )}
      {decide.error && <Notice tone="wrong">{told(decide.error, words)}</Notice>}
    </section>
  );
}
