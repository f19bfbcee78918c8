/** Which scheme, over which days: all of it lives in the address. */
import type { Asked } from "@/lib/address";
import { beside, dayOf } from "@/lib/dates";
import { Button, Field, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Chosen, PERIODS, type Scheme } from "./data";
import css from "./scores.module.css";
import { scores } from "./words";

/** The days that the address asks for; this month where it says nothing. */
export function chosenIn(asked: Record<string, string>, usual: Chosen["period"] = "month"): Pick<Chosen, "period" | "on"> {
  const on = asked.on ?? "";
  return { period: PERIODS.find((each) => each === asked.period) ?? usual, on: /^\d{4}-\d\d-\d\d$/.test(on) ? on : dayOf(new Date()) };
}

interface Shown {
  schemes: readonly Scheme[];
  chosen: Chosen;
  span: { first_day: string; last_day: string } | undefined;
  ask: (change: Asked) => void;
}

export function Filters({ schemes, chosen, span, ask }: Shown) {
  const say = scores.use();
  const language = useLanguage();
  return (
    <form className={css.filters} aria-label={say("filters")} onSubmit={(event) => event.preventDefault()}>
      <Select label={say("scheme")} value={chosen.scheme} choices={schemes.map((each) => [each.scheme, named(each.name, language) || each.scheme])} onChange={(event) => ask({ scheme: event.target.value, object: undefined })} />
      <Select label={say("period")} value={chosen.period} choices={PERIODS.map((each) => [each, say(each)])} onChange={(event) => ask({ period: event.target.value })} />
      <Field label={say("on")} type="date" value={chosen.on} onChange={(event) => event.target.value && ask({ on: event.target.value })} />
      <div className={css.steps}>
        <Button onClick={() => span && ask({ on: beside(span.first_day, span.last_day, -1) })} aria-label={say("earlier")}>
          ←
        </Button>
        <Button onClick={() => span && ask({ on: beside(span.first_day, span.last_day, 1) })} aria-label={say("later")}>
          →
        </Button>
      </div>
    </form>
  );
}
