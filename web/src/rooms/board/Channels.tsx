/** How today's reports came. */
import { useCode } from "@/api/codes";
import type { Wall } from "./api";
import type { Open } from "./Board";
import css from "./board.module.css";
import { share } from "./shape";
import { board } from "./words";

const SHOWN = 6;

export function Channels({ wall, open }: { wall: Wall; open: Open }) {
  const say = board.use();
  const code = useCode();
  const shown = wall.channels.slice(0, SHOWN);
  const most = Math.max(1, ...shown.map((each) => each.reports));
  return (
    <section className={css.channels} aria-label={say("channels")}>
      <h2>{say("channels")}</h2>
      {shown.length === 0 && <p className={css.nothing}>{say("channelsNone")}</p>}
      <ul>
        {shown.map((each) => {
          const name = code(`channel.${each.channel}`);
          return (
            <li key={each.channel}>
              <button type="button" onClick={() => open({ key: each.key, name, count: each.reports })}>
                <b>{each.reports}</b>
                <span>{name}</span>
                <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                  <rect className={css.barAll} width={100 * share(each.reports, most)} height="4" />
                </svg>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
