/** The versions that are or were in force: since when, who proposed and who approved, and what differs. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Notice, Skeleton } from "@/ui/ui";
import { Changes } from "./Changes";
import { useVersions } from "./data";
import css from "./pack.module.css";
import { short, whoSays } from "./saying";
import { pack } from "./words";

export function Versions() {
  const say = pack.use();
  const { words } = useSaid();
  const versions = useVersions();
  const [shown, show] = useState<string | null>(null);
  if (versions.isLoadingError) return <Notice tone="wrong">{told(versions.error, words)}</Notice>;
  if (!versions.data) return <Skeleton rows={4} says={say("loading")} />;
  const chosen = versions.data.find((each) => each.digest === shown);
  return (
    <>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("versions")}</th>
            <th scope="col">{say("adopted")}</th>
            <th scope="col">{say("proposedBy")}</th>
            <th scope="col">{say("approvedBy")}</th>
            <th scope="col">{say("changes")}</th>
          </tr>
        </thead>
        <tbody>
          {versions.data.map((each) => (
            <tr key={`${each.digest}${each.adopted_at}`}>
              <th scope="row">
                <a href={route`/pack/tables/rules?version=${each.digest}`}>{short(each.digest)}</a> {each.in_force && <span className={css.tag} data-tone="good">{say("inForce")}</span>}
              </th>
              <td>{moment(each.adopted_at)}</td>
              <td>{whoSays(each.proposed_by) || "–"}</td>
              <td>{whoSays(each.approved_by) || whoSays(each.by)}</td>
              <td>{each.before ? <Button onClick={() => show(each.digest)}>{say("compareTwo", { old: short(each.before), new: short(each.digest) })}</Button> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen?.before && (
        <section className={css.card} aria-labelledby="differs">
          <h2 id="differs">{say("compareTwo", { old: short(chosen.before), new: short(chosen.digest) })}</h2>
          <Changes version={chosen.digest} against={chosen.before} />
        </section>
      )}
    </>
  );
}
