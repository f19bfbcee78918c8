/** What comes by itself, and how to end it. */
import { useCode } from "@/api/codes";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import css from "./bulletins.module.css";
import { type Subscription, useFurniture, useSchemes, useSubscribe, useSubscriptions } from "./data";
import { bulletins as room } from "./words";

export function Wanted() {
  const say = room.use();
  const code = useCode();
  const shown = useLanguage();
  const { data: furniture } = useFurniture();
  const { data: schemes } = useSchemes();
  const { data: wanted = [] } = useSubscriptions();
  const { end } = useSubscribe();
  const about = (each: Subscription) =>
    [
      named(furniture?.areas.find((area) => area.code === each.area)?.name, shown),
      named(furniture?.classes[each.class_key] ?? furniture?.majors[each.class_key], shown),
      named(schemes?.find((one) => one.scheme === each.scheme)?.name, shown),
    ].filter(Boolean);
  return (
    <section className={css.wanted}>
      <h2>{say("wanted")}</h2>
      <p className={css.quiet}>{wanted.length ? say("wantedLead") : say("noWanted")}</p>
      <ul className={css.list}>
        {wanted.map((each) => (
          <li key={each.id} className={css.line}>
            <div>
              <b>{[code(`bulletin.kind.${each.kind}`), ...about(each)].join(" · ")}</b>
              <span className={css.quiet}>
                {say("next", { at: moment(each.next_at) })} · {code(`bulletin.channel.${each.channel}`)}
              </span>
            </div>
            <Button onClick={() => end.mutate(each.id)}>{say("unsubscribe")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
