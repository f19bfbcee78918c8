/** Duty, for who leads it: who is on duty now and where, what nobody fills, and the roster of the week. */
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import css from "./duty.module.css";
import { Now } from "./Now";
import { Roster } from "./Roster";
import { duty as room } from "./words";

export default function Duty() {
  const say = room.use();
  const { me } = useMe();
  const [asked, ask] = useAsked();
  const watches = may(me, "duty.watch");
  const shown = asked.show === "week" || !watches ? "week" : "now";
  return (
    <main className={css.page}>
      <header className={css.head}>
        <h1>{say("title")}</h1>
        <div className={css.tabs} role="group" aria-label={say("show")}>
          {watches && (
            <button type="button" aria-pressed={shown === "now"} onClick={() => ask({ show: undefined, day: undefined })}>
              {say("now")}
            </button>
          )}
          <button type="button" aria-pressed={shown === "week"} onClick={() => ask({ show: "week" })}>
            {say("week")}
          </button>
        </div>
      </header>
      {shown === "now" ? <Now /> : <Roster />}
    </main>
  );
}
