/** Where and why: what goes together, hot spots on the map, what comes back, what grows; and what measures did. */
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useAsked } from "@/lib/address";
import { dayAfter, dayOf, moment } from "@/lib/dates";
import { Button, Empty, Notice, Select, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { Agains } from "./Agains";
import { type Furniture, type Screen, useFurniture, useWhy } from "./data";
import { Effects } from "./Effects";
import { Findings } from "./Findings";
import { isEmpty, type Named, percent, type Say, times } from "./saying";
import { Spots } from "./Spots";
import { Try } from "./Try";
import css from "./why.module.css";
import { why as room } from "./words";

const SPANS = ["30", "90", "180", "365"] as const;

export default function Why() {
  const say = room.use();
  const language = useLanguage();
  const { words } = useSaid();
  const [asked, change] = useAsked();
  const span = SPANS.find((each) => each === asked.days) ?? "90";
  const now = new Date();
  const days = { from: dayAfter(1 - Number(span), now.getTime()), to: dayOf(now) };
  const furniture = useFurniture();
  const answer = useWhy(days, asked.area ?? "");
  const areas = (furniture.data?.areas ?? []).map((each) => [each.code, named(each.name, language)] as const);
  return (
    <main className={css.page}>
      <header className={css.head}>
        <h1>{say("title")}</h1>
        <div className={css.bar}>
          <Select label={say("period")} value={span} choices={SPANS.map((each) => [each, say("days", { n: each })] as const)} onChange={(event) => change({ days: event.target.value })} />
          <Select label={say("area")} value={asked.area ?? ""} empty={say("anyArea")} choices={areas} onChange={(event) => change({ area: event.target.value })} />
        </div>
      </header>
      {answer.error && (
        <Empty>
          <Notice tone="wrong">{told(answer.error, words)}</Notice>
          <Button onClick={() => void answer.refetch()}>{say("retry")}</Button>
        </Empty>
      )}
      {answer.isPending && <Skeleton rows={10} says={say("loading")} />}
      {answer.data && <Shown screen={answer.data} furniture={furniture.data} />}
      <Effects furniture={furniture.data} />
    </main>
  );
}

function Shown({ screen, furniture }: { screen: Screen; furniture: Furniture | undefined }) {
  const spoken = room.use();
  const code = useCode();
  const language = useLanguage();
  const { why } = screen;
  const say: Say = (word, given) => {
    if (word.startsWith("weather.") || word.startsWith("channel.")) return code(word);
    return word.startsWith("vendor.") ? word.slice(7) : spoken(word as Parameters<typeof spoken>[0], given);
  };
  const names = { class: screen.classes, unit: screen.units, street: screen.areas };
  const name: Named = (kind, key) => named(names[kind][key] ?? (kind === "unit" ? furniture?.units[key] : undefined), language) || key;
  return (
    <>
      <p className={css.quiet}>
        {say("lead", { cases: why.cases, days: why.days, level: percent(why.level) })}{" "}
        {why.weather_days === 0 ? say("weatherNone") : say("weatherSome", { n: why.weather_days })} {!why.scanned && say("tooMany")} {say("asOf", { at: moment(screen.as_of), seq: screen.seq.toLocaleString("en") })}
      </p>
      {isEmpty(why) && <Empty>{say("nothing")}</Empty>}
      <div className={css.two}>
        <Findings found={why.found} limits={screen.limits} {...{ furniture, name, say }} />
        <Spots spots={why.spots} clusters={why.clusters} />
      </div>
      <Agains why={why} name={name} />
      <div className={css.two}>
        <section className={css.part}>
          <h2>{say("rising")}</h2>
          {why.rising.length === 0 && <p className={css.quiet}>{say("risingNone")}</p>}
          <ol className={css.lines}>
            {why.rising.map((each) => (
              <li key={each.class_key}>
                <p>{say("rise", { class: name("class", each.class_key), before: times(each.before), lately: times(each.lately), ratio: times(each.ratio), low: times(each.low), high: times(each.high), others: times(each.others) })}</p>
              </li>
            ))}
          </ol>
        </section>
        <section className={css.part}>
          <h2>{say("wander")}</h2>
          {why.wanderings.length === 0 && <p className={css.quiet}>{say("none")}</p>}
          <ol className={css.lines}>
            {why.wanderings.slice(0, 8).map((each) => (
              <li key={each.a + each.b}>
                <p>{say("wandering", { a: name("unit", each.a), b: name("unit", each.b), moves: each.moves, back: each.there_and_back })}</p>
                <p className={css.quiet}>{each.classes.map((one) => `${name("class", String(one[0]))} ${String(one[1])}`).join("、")}</p>
                <Try offer={{ what: "unit", classes: each.classes.map((one) => String(one[0])).filter(Boolean), area: null, units: [each.a, each.b] }} limits={{}} {...{ furniture, name }} />
              </li>
            ))}
          </ol>
          <h2>{say("follows")}</h2>
          {why.follows.length === 0 && <p className={css.quiet}>{say("none")}</p>}
          <ol className={css.lines}>
            {why.follows.map((each) => (
              <li key={each.first + each.then}>
                <p>{say("follow", { first: name("class", each.first), then: name("class", each.then), pairs: each.pairs, expected: times(each.expected) })}</p>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </>
  );
}
