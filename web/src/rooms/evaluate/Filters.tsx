/** What is asked for: all of it lives in the address. */
import { useCode } from "@/api/codes";
import type { Asked } from "@/lib/address";
import { Button, Field, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Chosen, PERIODS } from "./asked";
import type { Furniture } from "./data";
import css from "./evaluate.module.css";
import { evaluate } from "./words";

const CHANNELS = ["collector", "app", "hotline", "counter", "text", "device", "camera", "leader", "partner", "import"];

type Word = Parameters<typeof evaluate.say>[0];

interface Shown {
  chosen: Chosen;
  furniture: Furniture | undefined;
  earlier: string | undefined;
  later: string | undefined;
  ask: (change: Asked) => void;
}

export function Filters({ chosen, furniture, earlier, later, ask }: Shown) {
  const say = evaluate.use();
  const code = useCode();
  const language = useLanguage();
  const words = (name: Record<string, string>) => named(name, language);
  const groupings = (furniture?.groupings ?? []).filter((each) => !(PERIODS as readonly string[]).includes(each));
  const areas = (furniture?.areas ?? []).filter((each) => each.code.length <= 9);
  return (
    <form className={css.filters} aria-label={say("filters")} onSubmit={(event) => event.preventDefault()}>
      <Select label={say("by")} value={chosen.by} choices={groupings.map((each) => [each, say(each as Word)])} onChange={(event) => ask({ by: event.target.value, sort: undefined })} />
      <Select label={say("sheet")} value={chosen.sheet} choices={(furniture?.sheets ?? []).map((each) => [each.sheet, say(each.sheet as Word)])} onChange={(event) => ask({ sheet: event.target.value, sort: undefined })} />
      <Select label={say("period")} value={chosen.period} choices={PERIODS.map((each) => [each, say(each)])} onChange={(event) => ask({ period: event.target.value })} />
      <Field label={say("on")} type="date" value={chosen.on} onChange={(event) => event.target.value && ask({ on: event.target.value })} />
      <div className={css.files}>
        <Button onClick={() => ask({ on: earlier })} aria-label={say("earlier")}>
          ←
        </Button>
        <Button onClick={() => ask({ on: later })} aria-label={say("later")}>
          →
        </Button>
      </div>
      <Select
        label={say("compare")}
        value={chosen.compare || "none"}
        choices={[
          ["before", say("before")],
          ["year", say("sameYear")],
          ["none", say("alone")],
        ]}
        onChange={(event) => ask({ compare: event.target.value })}
      />
      <Select label={say("area")} value={chosen.area} empty={say("everywhere")} choices={areas.map((each) => [each.code, `${"　".repeat(each.code.length > 6 ? 1 : 0)}${words(each.name)}`])} onChange={(event) => ask({ area: event.target.value })} />
      <Select label={say("classes")} value={chosen.class} empty={say("everywhere")} choices={Object.entries(furniture?.majors ?? {}).map(([key, name]) => [key, words(name)])} onChange={(event) => ask({ class: event.target.value })} />
      <Select label={say("channels")} value={chosen.channel} empty={say("everywhere")} choices={CHANNELS.map((each) => [each, code(`channel.${each}`)])} onChange={(event) => ask({ channel: event.target.value })} />
    </form>
  );
}
