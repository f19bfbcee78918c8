/** What goes together, the surest first: a sentence, its doubt, what might be changed, its cases. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import type { Found, Furniture } from "./data";
import { chance, doubts, type Named, type Say, sentence } from "./saying";
import { Try } from "./Try";
import type { RuleLimit } from "./trying";
import css from "./why.module.css";

const LISTED = 30;

interface Around {
  limits: Record<string, RuleLimit[]>;
  furniture: Furniture | undefined;
  name: Named;
  say: Say;
}

export function Findings({ found, ...around }: { found: readonly Found[] } & Around) {
  const { name, say } = around;
  return (
    <section className={css.part}>
      <h2>{say("causes")}</h2>
      {found.length === 0 && <p className={css.quiet}>{say("causesNone")}</p>}
      <ol className={css.lines}>
        {found.map((each) => (
          <Line key={sentence(each, name, say)} found={each} {...around} />
        ))}
      </ol>
    </section>
  );
}

function Line({ found, limits, furniture, name, say }: { found: Found } & Around) {
  const { finding, proposal } = found;
  const cases = finding.cases ?? [];
  return (
    <li>
      <p className={css.said}>{sentence(found, name, say)}</p>
      <p className={css.quiet}>
        {say("sure", { q: chance(finding.q), tests: finding.tests })}
        {(finding.explains ?? 0) > 0 && ` · ${say("shadow", { n: finding.explains ?? 0 })}`}
      </p>
      {doubts(found, say).map((each) => (
        <p key={each} className={css.doubt}>
          △ {each}
        </p>
      ))}
      {proposal && (
        <p>
          <b>{say("propose")}</b> {say(`do.${proposal.code}`)}
          {proposal.table && !proposal.tries && <span className={css.quiet}> {say(proposal.class_key ? "readByPeople" : "noClass")}</span>}
        </p>
      )}
      {proposal?.tries && proposal.class_key && (
        <Try offer={{ what: proposal.tries, classes: [proposal.class_key], area: proposal.area, units: proposal.unit ? [proposal.unit] : [] }} {...{ limits, furniture, name }} />
      )}
      {cases.length > 0 && (
        <details>
          <summary>{say("cases", { n: cases.length })}</summary>
          <p className={css.cases}>
            {cases.slice(0, LISTED).map((id, n) => (
              <Link key={id} href={route`/console?case=${id}`}>
                {say("one", { n: n + 1 })}
              </Link>
            ))}
          </p>
        </details>
      )}
    </li>
  );
}
