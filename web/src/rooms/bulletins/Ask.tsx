/** Which bulletin, of which days: asked for, or let come every time. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { dayOf } from "@/lib/dates";
import { Button, Field, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import css from "./bulletins.module.css";
import { KINDS, type Asked, useAsk, useFurniture, useSchemes, useSubscribe } from "./data";
import { bulletins as room } from "./words";

export function Ask() {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const shown = useLanguage();
  const { data: furniture } = useFurniture();
  const { data: schemes = [] } = useSchemes();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("weekly");
  const [on, setOn] = useState(dayOf(new Date()));
  const [language, setLanguage] = useState<"zh" | "en">(shown.startsWith("en") ? "en" : "zh");
  const [area, setArea] = useState("");
  const [group, setGroup] = useState("");
  const [scheme, setScheme] = useState("");
  const [channel, setChannel] = useState<"room" | "sms">("room");
  const asking = useAsk();
  const { begin } = useSubscribe();
  const about = { kind, language, area: area || null, class: kind === "theme" && group ? group : null, scheme: kind === "assessment" && scheme ? scheme : null };
  const lacks = kind === "theme" && !area && !group ? say("themeNeeds") : null;
  const error = asking.error ?? begin.error;
  const classes = furniture ? Object.entries({ ...furniture.majors, ...furniture.classes }).map(([key, name]) => [key, named(name, shown)] as const) : [];
  return (
    <form className={css.ask} aria-label={say("ask")} onSubmit={(event) => event.preventDefault()}>
      <Select label={say("kind")} value={kind} choices={KINDS.map((each) => [each, code(`bulletin.kind.${each}`)] as const)} onChange={(event) => setKind(event.target.value as typeof kind)} />
      <Field label={say("on")} type="date" value={on} onChange={(event) => setOn(event.target.value)} />
      {kind === "theme" && <Select label={say("class")} value={group} empty={say("noClass")} choices={classes} onChange={(event) => setGroup(event.target.value)} />}
      {kind === "assessment" && (
        <Select label={say("scheme")} value={scheme} empty={say("usualScheme")} choices={schemes.map((each) => [each.scheme, named(each.name, shown)] as const)} onChange={(event) => setScheme(event.target.value)} />
      )}
      <Select
        label={say("area")}
        value={area}
        empty={say("everywhere")}
        choices={furniture?.areas.map((each) => [each.code, named(each.name, shown)] as const) ?? []}
        onChange={(event) => setArea(event.target.value)}
      />
      <Select label={say("language")} value={language} choices={[["zh", "中文"], ["en", "English"]]} onChange={(event) => setLanguage(event.target.value as "zh" | "en")} />
      <Select label={say("channel")} value={channel} choices={(["room", "sms"] as const).map((each) => [each, code(`bulletin.channel.${each}`)] as const)} onChange={(event) => setChannel(event.target.value as typeof channel)} />
      <div className={css.deeds}>
        <Button tone="loud" why={lacks} onClick={() => asking.mutate({ ...about, on: on || null } as Asked)}>
          {say("make")}
        </Button>
        <Button why={lacks} onClick={() => begin.mutate({ ...about, channel })}>
          {say("subscribe")}
        </Button>
      </div>
      {error && <Notice tone="wrong">{told(error, words)}</Notice>}
    </form>
  );
}
