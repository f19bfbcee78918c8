/** Fairness: what is published and how sure it is, what is not counted, what looks made; and a unit's own view of it. */
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { dayOf } from "@/lib/dates";
import { monthBefore } from "./data";
import { Exclusions } from "./Exclusions";
import css from "./fair.module.css";
import { Findings } from "./Findings";
import { Mine } from "./Mine";
import { Published } from "./Published";
import { ToPublish } from "./ToPublish";
import { fair as room } from "./words";

const PARTS = [
  ["draft", "score.publish"],
  ["published", "figures.read"],
  ["exclusions", "case.judge"],
  ["findings", "gaming.judge"],
  ["mine", "case.appeal"],
] as const;

export default function Fair() {
  const say = room.use();
  const { me } = useMe();
  const [asked, ask] = useAsked();
  const open = PARTS.filter(([, needs]) => may(me, needs)).map(([part]) => part);
  const shown = open.find((part) => part === asked.show) ?? open[0];
  const month = asked.month ?? monthBefore(dayOf(new Date()));
  return (
    <main className={css.page}>
      <header className={css.head}>
        <h1>{say("title")}</h1>
        <div className={css.tabs} role="group" aria-label={say("show")}>
          {open.map((part) => (
            <button key={part} type="button" aria-pressed={part === shown} onClick={() => ask({ show: part, sheet: undefined })}>
              {say(part)}
            </button>
          ))}
        </div>
      </header>
      {shown === "draft" && <ToPublish month={month} />}
      {shown === "published" && <Published />}
      {shown === "exclusions" && <Exclusions own={false} />}
      {shown === "findings" && <Findings month={month} />}
      {shown === "mine" && <Mine />}
    </main>
  );
}
