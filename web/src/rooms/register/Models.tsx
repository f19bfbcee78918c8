/** The models beside each other: each on cases later than it learned from, next to what decided then. */
import { route } from "@/lib/paths";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { type Model, percent, type Share, useChange, useModels } from "./api";
import css from "./register.module.css";
import { register as room } from "./words";

export function Models({ mayManage }: { mayManage: boolean }) {
  const say = room.use();
  const { words } = useSaid();
  const found = useModels();
  const change = useChange();
  if (!found.data) return found.error ? <Notice tone="wrong">{told(found.error, words)}</Notice> : <Skeleton rows={3} says={say("loading")} />;
  const { models, runs, may_take_back: mayTakeBack } = found.data;
  return (
    <div className={css.models}>
      <h3>{say("models")}</h3>
      <p className={css.quiet}>{say("modelsSay")}</p>
      {mayManage && (
        <p className={css.bar}>
          <Button why={runs ? say("runs") : null} disabled={change.isPending} onClick={() => change.mutate("/v1/models")}>
            {say("train")}
          </Button>
          {mayTakeBack && (
            <Button title={say("rollbackSay")} disabled={change.isPending} onClick={() => change.mutate("/v1/models/withdrawal")}>
              {say("rollback")}
            </Button>
          )}
        </p>
      )}
      {runs && <Notice>{say("runs")}</Notice>}
      {change.error && <Notice tone="wrong">{told(change.error, words)}</Notice>}
      {models.length === 0 ? (
        <Empty>{say("noModels")}</Empty>
      ) : (
        /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
        <div className={css.wide} tabIndex={0} role="group" aria-label={say("models")}>
          <table className={css.beside}>
            <thead>
              <tr>
                <th scope="col">{say("made")}</th>
                <th scope="col">{say("lessons")}</th>
                <th scope="col">{say("later")}</th>
                <th scope="col">{say("candidate")}</th>
                <th scope="col">{say("words")}</th>
                <th scope="col">{say("before")}</th>
                <th scope="col">{say("aloneCol")}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {models.map((each) => (
                <Row key={each.id} of={each} busy={change.isPending} onPromote={mayManage ? () => change.mutate(route`/v1/models/${each.id}/promotion`) : undefined} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Row({ of, busy, onPromote }: { of: Model; busy: boolean; onPromote?: () => void }) {
  const say = room.use();
  return (
    <>
      <tr data-now={of.is_in_force}>
        <th scope="row">
          {moment(of.trained_at)} <small>{of.name.slice(8, 14)}</small>
        </th>
        <td>{of.lessons}</td>
        <td>{of.score.cases}</td>
        <td>
          <b>
            <Part of={of.right} />
          </b>
        </td>
        <td>
          <Part of={of.words} />
        </td>
        <td>
          <Part of={of.in_force} />
        </td>
        <td>
          {of.score.alone} ({of.score.alone_wrong})
        </td>
        <td>
          {of.is_in_force ? (
            <span className={css.tag}>{say("inForce")}</span>
          ) : onPromote ? (
            <Button tone="loud" why={of.is_better ? null : say("notBetter")} disabled={busy} onClick={onPromote}>
              {say("promote")}
            </Button>
          ) : null}
        </td>
      </tr>
      {of.held_back.map((each) => (
        <tr key={each.account}>
          <td colSpan={8} className={css.moved}>
            ▲ {say("held", { account: each.account.replace("account:", ""), lessons: each.lessons, differ: each.differ, expected: percent(each.expected_ppm) })}
          </td>
        </tr>
      ))}
    </>
  );
}

function Part({ of }: { of?: Share | null }) {
  const say = room.use();
  if (!of) return <>—</>;
  return <span title={say("between", { low: percent(of.low_ppm), high: percent(of.high_ppm) })}>{percent(of.share_ppm)}</span>;
}
