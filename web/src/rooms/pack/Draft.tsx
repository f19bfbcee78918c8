/** A draft: what it changes, what is wrong with it, what it would have done, and putting it up. */
import { route } from "@/lib/paths";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { dayAfter, moment } from "@/lib/dates";
import { Button, ButtonLink, Field, Notice, Skeleton } from "@/ui/ui";
import { Changes } from "./Changes";
import { ask, type Draft, dropDraft, propose, useDraft, useSend, useTrials } from "./data";
import css from "./pack.module.css";
import { Problems } from "./Problems";
import { short, whoSays } from "./saying";
import { Answer } from "./Trials";
import { pack } from "./words";

export function DraftPage({ id }: { id: string }) {
  const say = pack.use();
  const { words } = useSaid();
  const { me } = useMe();
  const [, go] = useLocation();
  const found = useDraft(id);
  const put = useSend(propose);
  const drop = useSend(dropDraft);
  if (found.isLoadingError) return <Notice tone="wrong">{told(found.error, words)}</Notice>;
  if (!found.data) return <Skeleton rows={6} says={say("loading")} />;
  const draft = found.data;
  const why = !may(me, "pack.propose") ? say("mayNot") : !draft.sound ? say("unsound", { n: draft.problems.length }) : draft.digest === draft.base ? say("noChanges") : null;
  return (
    <>
      <div className={css.row}>
        <h2>
          {say("draft")} {short(draft.digest)}
        </h2>
        <span className={css.tag} data-tone={draft.sound ? "good" : "wrong"}>
          {draft.sound ? say("sound") : say("unsound", { n: draft.problems.length })}
        </span>
        <span className={css.quiet}>{say("by", { who: whoSays(draft.by), when: moment(draft.changed_at) })}</span>
      </div>
      {!draft.sound && <Problems problems={draft.problems} />}
      <section className={css.card} aria-labelledby="changes">
        <h3 id="changes">{say("changes")}</h3>
        <Changes key={draft.digest} version={draft.id} />
        <div className={css.row}>
          <ButtonLink href={route`/pack/tables/rules?draft=${draft.id}`}>{say("editMore")}</ButtonLink>
        </div>
      </section>
      <Trying draft={draft} />
      <section className={css.card} aria-labelledby="propose">
        <h3 id="propose">{say("propose")}</h3>
        <p className={css.quiet}>{say("proposeWhy")}</p>
        {put.isError && <Notice tone="wrong">{told(put.error, words)}</Notice>}
        <div className={css.row}>
          <Button tone="loud" why={why} onClick={() => void put.mutateAsync(draft.id).then((made) => go(route`/pack/proposals/${made.id}`), () => {})}>
            {say("propose")}
          </Button>
          <Button tone="danger" why={may(me, "pack.propose") ? null : say("mayNot")} onClick={() => void drop.mutateAsync(draft.id).then(() => go("/pack/drafts"), () => {})}>
            {say("discard")}
          </Button>
        </div>
      </section>
    </>
  );
}

function Trying({ draft }: { draft: Draft }) {
  const say = pack.use();
  const { words } = useSaid();
  const trials = useTrials();
  const [from, setFrom] = useState(() => dayAfter(-30));
  const [to, setTo] = useState(() => dayAfter(0));
  const run = useSend(ask);
  const mine = trials.data?.filter((each) => each.draft_id === draft.id && each.digest === draft.digest) ?? [];
  const begin = (event: FormEvent) => {
    event.preventDefault();
    run.mutate({ version: draft.id, from, to });
  };
  return (
    <section className={css.card} aria-labelledby="try">
      <h3 id="try">{say("try")}</h3>
      <p className={css.quiet}>{say("tryWhy")}</p>
      <form className={css.row} onSubmit={begin}>
        <Field label={say("from")} type="date" value={from} required onChange={(event) => setFrom(event.target.value)} />
        <Field label={say("to")} type="date" value={to} required onChange={(event) => setTo(event.target.value)} />
        <Button tone="loud" type="submit" why={draft.sound ? null : say("unsound", { n: draft.problems.length })} disabled={run.isPending}>
          {say("run")}
        </Button>
      </form>
      {run.isError && <Notice tone="wrong">{told(run.error, words)}</Notice>}
      {mine.length === 0 ? <p className={css.quiet}>{say("notTried")}</p> : mine.map((each) => <Answer key={each.id} trial={each} />)}
    </section>
  );
}

