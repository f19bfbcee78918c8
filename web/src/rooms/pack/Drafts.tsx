/** Changes under way: drafts, and what was put up for approval. */
import { route } from "@/lib/paths";
import { Link, useLocation } from "wouter";
import { useCode } from "@/api/codes";
import { may, useMe } from "@/api/session";
import { moment } from "@/lib/dates";
import { Button, Empty, Skeleton } from "@/ui/ui";
import { makeDraft, useDrafts, useProposals, useSend } from "./data";
import css from "./pack.module.css";
import { short, whoSays } from "./saying";
import { pack } from "./words";

export function Drafts() {
  const say = pack.use();
  const code = useCode();
  const { me } = useMe();
  const [, go] = useLocation();
  const drafts = useDrafts();
  const proposals = useProposals();
  const begin = useSend(makeDraft);
  if (!drafts.data || !proposals.data) return <Skeleton rows={6} says={say("loading")} />;
  return (
    <div className={css.half}>
      <section className={css.stack} aria-labelledby="proposals">
        <h2 id="proposals">{say("proposals")}</h2>
        {proposals.data.length === 0 && <Empty>{say("noProposals")}</Empty>}
        {proposals.data.map((each) => (
          <article key={each.id} className={css.card}>
            <div className={css.row}>
              <Link href={route`/pack/proposals/${each.id}`}>{say("proposal", { digest: short(each.digest) })}</Link>
              <span className={css.tag} data-tone={each.state === "approved" ? "good" : each.state === "rejected" ? "wrong" : undefined}>
                {code(`proposal.state.${each.state}`)}
              </span>
            </div>
            <p className={css.quiet}>{say("by", { who: whoSays(each.by), when: moment(each.at) })}</p>
          </article>
        ))}
      </section>
      <section className={css.stack} aria-labelledby="drafts">
        <h2 id="drafts">{say("draft")}</h2>
        <p>
          <Button why={may(me, "pack.propose") ? null : say("mayNot")} onClick={() => void begin.mutateAsync(undefined).then((draft) => go(route`/pack/tables/rules?draft=${draft.id}`))}>
            {say("begin")}
          </Button>
        </p>
        {drafts.data.length === 0 && <Empty>{say("noDrafts")}</Empty>}
        {drafts.data.map((each) => (
          <article key={each.id} className={css.card}>
            <div className={css.row}>
              <Link href={route`/pack/drafts/${each.id}`}>
                {say("draft")} {short(each.digest)}
              </Link>
              <span className={css.tag} data-tone={each.sound ? "good" : "wrong"}>
                {each.sound ? say("sound") : say("unsound", { n: each.problems.length })}
              </span>
            </div>
            <p className={css.quiet}>{say("by", { who: whoSays(each.by), when: moment(each.changed_at) })}</p>
          </article>
        ))}
      </section>
    </div>
  );
}
