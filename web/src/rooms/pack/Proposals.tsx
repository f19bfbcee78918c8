/** What was put up for approval: its differences, what it would have done, and the decision of another. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { moment } from "@/lib/dates";
import { Button, Notice, Select, Skeleton } from "@/ui/ui";
import { Changes } from "./Changes";
import { decide, useProposal, useSend, useTrials } from "./data";
import css from "./pack.module.css";
import { short, whoSays } from "./saying";
import { Answer } from "./Trials";
import { pack } from "./words";

const REASONS = ["source_missing", "effect_too_wide", "limit_wrong", "unit_wrong", "not_now"];

export function ProposalPage({ id }: { id: string }) {
  const say = pack.use();
  const code = useCode();
  const { words } = useSaid();
  const { me } = useMe();
  const [reason, setReason] = useState("");
  const found = useProposal(id);
  const trials = useTrials();
  const act = useSend(({ what, body }: { what: "approval" | "rejection" | "withdrawal"; body?: unknown }) => decide(id, what, found.data?.etag ?? "", body));
  if (found.isLoadingError) return <Notice tone="wrong">{told(found.error, words)}</Notice>;
  if (!found.data) return <Skeleton rows={6} says={say("loading")} />;
  const one = found.data.proposal;
  const why = one.mine ? say("ownProposal") : may(me, "pack.approve") ? null : say("cannotApprove");
  const tried = trials.data?.filter((each) => each.digest === one.digest) ?? [];
  return (
    <>
      <div className={css.row}>
        <h2>{say("proposal", { digest: short(one.digest) })}</h2>
        <span className={css.tag} data-tone={one.state === "approved" ? "good" : one.state === "rejected" ? "wrong" : undefined}>
          {code(`proposal.state.${one.state}`)}
        </span>
        <span className={css.quiet}>{say("by", { who: whoSays(one.by), when: moment(one.at) })}</span>
      </div>
      {one.decided_at && (
        <Notice tone={one.state === "approved" ? "good" : "plain"}>
          {say("decided", { state: code(`proposal.state.${one.state}`), who: whoSays(one.decided_by), when: moment(one.decided_at) })}
          {one.reason && ` · ${code(`proposal.reason.${one.reason}`)}`}
        </Notice>
      )}
      <section className={css.card} aria-labelledby="changes">
        <h3 id="changes">{say("compareTwo", { old: short(one.base), new: short(one.digest) })}</h3>
        <Changes version={one.digest} against={one.base} />
      </section>
      <section className={css.card} aria-labelledby="tried">
        <h3 id="tried">{say("trials")}</h3>
        {tried.length === 0 ? <p className={css.quiet}>{say("notTried")}</p> : tried.map((each) => <Answer key={each.id} trial={each} />)}
      </section>
      {one.state === "waiting" && (
        <section className={css.card} aria-label={say("approve")}>
          {act.isError && <Notice tone="wrong">{told(act.error, words)}</Notice>}
          <div className={css.row}>
            <Button tone="loud" why={why} onClick={() => act.mutate({ what: "approval" })}>
              {say("approve")}
            </Button>
            {one.mine && <Button onClick={() => act.mutate({ what: "withdrawal" })}>{say("withdraw")}</Button>}
          </div>
          {!why && (
            <div className={css.row}>
              <Select label={say("reason")} value={reason} empty="–" choices={REASONS.map((each) => [each, code(`proposal.reason.${each}`)])} onChange={(event) => setReason(event.target.value)} />
              <Button tone="danger" why={reason ? null : say("reason")} onClick={() => act.mutate({ what: "rejection", body: { reason } })}>
                {say("reject")}
              </Button>
            </div>
          )}
        </section>
      )}
    </>
  );
}
