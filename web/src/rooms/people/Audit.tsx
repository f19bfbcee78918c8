/** For the audit administrator: what administrators did, and who came in as whom. It only reads. */
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { browserNamed } from "@/lib/agent";
import { moment } from "@/lib/dates";
import { Notice, Skeleton } from "@/ui/ui";
import { useActs, useTries } from "./api";
import css from "./people.module.css";
import { people as room } from "./words";

export default function Audit() {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const acts = useActs();
  const tries = useTries();
  if (acts.isLoadingError) return <Notice tone="wrong">{told(acts.error, words)}</Notice>;
  if (!acts.data) return <Skeleton rows={10} says={say("loading")} />;
  return (
    <div className={css.stack}>
      <section className={css.stack} aria-labelledby="acts">
        <h2 id="acts">{say("acts")}</h2>
        <ul className={css.rows}>
          {acts.data.items.map((each) => (
            <li key={each.seq}>
              <time dateTime={each.at}>{moment(each.at)}</time>
              <b>{each.by_name ?? each.by}</b>
              <span>{code(`fact.${each.fact}`)}</span>
              <span className={css.agent}>
                {typeof each.says.what === "string" ? code(`people.way_in.${each.says.what}`) : Object.entries(each.says).filter(([, value]) => typeof value === "string" && value !== "").map(([, value]) => String(value)).join(" · ")}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className={css.stack} aria-labelledby="allTries">
        <h2 id="allTries">{say("allTries")}</h2>
        <ul className={css.rows}>
          {tries.data?.items.map((each, place) => (
            <li key={place}>
              <time dateTime={each.at}>{moment(each.at)}</time>
              <b>{each.name ?? each.account}</b>
              <span>{code(`people.outcome.${each.outcome}`)}</span>
              {each.new_device && <b>{say("newDevice")}</b>}
              <span className={css.agent}>{browserNamed(each.agent)}</span>
              <span className={css.quiet}>{each.network}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
