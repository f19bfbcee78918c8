/** The rules of a device, each as a sentence. */
import { span as spanOf } from "@/lib/dates";
import { Lamp, type LampColour } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Colour, type Watched, write } from "./data";
import css from "./devices.module.css";
import { devices as room } from "./words";

const LAMPS: Record<Colour, LampColour> = { red: "red", orange: "red", yellow: "yellow", blue: "yellow" };
type Rule = Watched["rules"][number];

export function Rules({ watched, units }: { watched: Watched; units: ReadonlyMap<number, string> }) {
  const say = room.use();
  const language = useLanguage();
  if (watched.rules.length === 0) return <p className={css.quiet}>{say("noRules")}</p>;
  return (
    <ul className={css.lines}>
      {watched.rules.map((rule) => (
        <li key={rule.code}>
          <Lamp colour={LAMPS[rule.colour as Colour]} says={say(rule.colour as Colour)} />
          <b>{named(rule.says, language)}</b>
          <span>{sentence(rule, units.get(rule.streams[0] ?? 0) ?? "")}</span>
          {rule.is_health && <span className={css.tag}>{say("health")}</span>}
          <span className={css.quiet}>{rule.code}</span>
        </li>
      ))}
    </ul>
  );

  function sentence(rule: Rule, unit: string): string {
    const property = watched.properties.find((each) => each.code === rule.property);
    const name = named(property?.name ?? {}, language) || rule.property;
    const long = (seconds: number) => spanOf(seconds / 60, language);
    const limit = rule.limit === null ? "" : write(rule.limit, unit);
    const told = {
      above: () => say("ruleAbove", { name, limit }),
      below: () => say("ruleBelow", { name, limit }),
      rise: () => say("ruleRise", { name, limit, window: long(rule.window_s) }),
      fall: () => say("ruleFall", { name, limit, window: long(rule.window_s) }),
      missing: () => say("ruleMissing", { name, window: long(rule.window_s) }),
      frozen: () => say("ruleFrozen", { name, window: long(rule.window_s) }),
      beyond: () => say("ruleBeyond", { name }),
      unusual: () => say("ruleUnusual", { name }),
      together: () => say("ruleTogether", { limit: rule.limit ?? 0 }),
      disagree: () => say("ruleDisagree", { name, limit, radius: rule.radius_m }),
      seen: () => say("ruleSeen", { limit: rule.limit ?? 0 }),
      count: () => say("ruleCount", { limit: rule.limit ?? 0 }),
    }[rule.kind];
    return [
      told?.() ?? rule.kind,
      rule.for_s ? say("forLong", { span: long(rule.for_s) }) : "",
      rule.release !== null && (rule.kind === "above" || rule.kind === "below") ? say("until", { release: write(rule.release, unit) }) : "",
      rule.quiet_from ? say("quiet", { from: rule.quiet_from, to: rule.quiet_until }) : "",
    ].join("");
  }
}
