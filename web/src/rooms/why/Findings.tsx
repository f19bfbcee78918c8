/** What goes together, the surest first: a sentence, its doubt, what might be changed, its cases. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import type { Found } from "./data";
import { chance, doubts, type Named, type Say, sentence } from "./saying";
import css from "./why.module.css";

const LISTED = 30;

export function Findings({ found, name, say }: { found: readonly Found[]; name: Named; say: Say }) {
  return (
    <section className={css.part}>
      <h2>{say("causes")}</h2>
      {found.length === 0 && <p className={css.quiet}>{say("causesNone")}</p>}
      <ol className={css.lines}>
        {found.map((each) => (
          <Line key={sentence(each, name, say)} found={each} name={name} say={say} />
        ))}
      </ol>
    </section>
  );
}

function Line({ found, name, say }: { found: Found; name: Named; say: Say }) {
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
          <b>{say("propose")}</b> {say(`do.${proposal.code}`)} {proposal.table && <Link href="/pack">{say("tryIt")}</Link>}
        </p>
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
