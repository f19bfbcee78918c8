/** How an algorithm does by what people decided: shares with their intervals, and groups that differ. */
import { useCode } from "@/api/codes";
import { moment } from "@/lib/dates";
import { type Algorithm, type Group, percent, type Share, useAreaNames, useClassNames } from "./api";
import css from "./register.module.css";
import { register as room } from "./words";

const ASOF = { class: "asOf", joining: "asOfJoining", dispatch: "asOfDispatch" } as const;
const BYS = ["area", "channel", "length"] as const;

export function FiguresOf({ algorithm }: { algorithm: Algorithm }) {
  const say = room.use();
  const areaOf = useAreaNames();
  const classOf = useClassNames();
  const found = algorithm.figures;
  if (!found) return algorithm.state === "waits" ? null : <p className={css.quiet}>{say("noFigures")}</p>;
  const groupName = (group: readonly string[]) => (group.length === 0 ? say("everybody") : group.map((each) => (each.includes("/") ? classOf(each) : areaOf(each))).join(" · "));
  const kind = algorithm.id === "joining" || algorithm.id === "dispatch" ? algorithm.id : "class";
  const claims = found.groups.some((each) => each.claimed);
  return (
    <div className={css.figures}>
      <h3>
        {say("figures")} <small>{say(ASOF[kind], { when: moment(found.at), count: found.reports })}</small>
      </h3>
      <ul className={css.shares}>
        <ShareOf name={say("right")} share={found.right} />
        <ShareOf name={say("overridden")} share={found.overridden} />
        <ShareOf name={say("alone")} share={found.alone} />
        <ShareOf name={say("checked")} share={found.checked_wrong} />
        <ShareOf name={say(kind === "joining" ? "parted" : "undone")} share={found.undone} />
      </ul>
      {found.returned > 0 && <p>{say("returned", { count: found.returned })}</p>}
      {found.moved.length > 0 && <p className={css.moved}>▲ {say("moved", { groups: found.moved.map((each) => groupName(each.group)).join("、") })}</p>}
      {found.groups.length > 0 && (
        <details className={css.more} open={claims}>
          <summary>{say(kind === "class" ? "differ" : "differUndone")}</summary>
          <p>{say(claims ? "someClaimed" : "noneClaimed", { share: percent(found.claim_ppm) })}</p>
          <div className={css.byGroups}>
            {BYS.map((by) => (
              <GroupsBy key={by} by={by} groups={found.groups.filter((each) => each.by === by)} />
            ))}
          </div>
          <p className={css.quiet}>{say("dotSays")}</p>
        </details>
      )}
    </div>
  );
}

function ShareOf({ name, share }: { name: string; share?: Share | null }) {
  const say = room.use();
  if (!share) return null;
  return (
    <li>
      <span>{name}</span>
      <b>{percent(share.share_ppm)}</b>
      <small>
        {say("of", { few: share.few, many: share.many })} · {say("between", { low: percent(share.low_ppm), high: percent(share.high_ppm) })}
      </small>
    </li>
  );
}

function GroupsBy({ by, groups }: { by: (typeof BYS)[number]; groups: Group[] }) {
  const say = room.use();
  const code = useCode();
  const areaOf = useAreaNames();
  if (groups.length === 0) return null;
  const name = (group: string) => (by === "area" ? areaOf(group) : by === "channel" ? code(`channel.${group}`) : say(group as "short" | "middle" | "long"));
  const most = Math.max(...groups.map((each) => each.wrong.high_ppm), 100_000);
  return (
    <table className={css.groups}>
      <caption>{say(by)}</caption>
      <tbody>
        {groups.map(({ group, wrong, claimed }) => (
          <tr key={group}>
            <th scope="row">
              {name(group)}
              {claimed && <span className={css.claimed}> ◆ {say("claimed")}</span>}
            </th>
            <td>
              <svg className={css.dot} viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                <line x1={(wrong.low_ppm * 100) / most} x2={(wrong.high_ppm * 100) / most} y1="6" y2="6" />
                <rect x={(wrong.share_ppm * 98) / most} y="1" width="2" height="10" />
              </svg>
            </td>
            <td className={css.number}>
              {percent(wrong.share_ppm)} <small>{say("of", { few: wrong.few, many: wrong.many })}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
