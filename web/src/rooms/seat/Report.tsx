/** Reporting for who calls: their number comes with it, so that they are called back. */
import { useId, useState } from "react";
import { useSaid } from "@/api/codes";
import { told as inWords } from "@/api/errors";
import { usePlacesNamed } from "@/api/places";
import { useSettled } from "@/lib/settled";
import { Button, Field, Hits, Notice, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Told, useNames, useReport } from "./api";
import css from "./seat.module.css";
import { seat as room } from "./words";

type Typed = Omit<Told, "phone"> & { phone: string | null }; // null: the one that calls
const EMPTY: Typed = { text: "", address: "", class: "", name: "", phone: null, at: null };

export function Report({ phone }: { phone: string }) {
  const say = room.use();
  const { words } = useSaid();
  const { classes } = useNames();
  const [told, setTold] = useState(EMPTY);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const report = useReport();
  const change = (part: Partial<Typed>) => setTold({ ...told, ...part });
  const number = told.phone ?? phone;
  return (
    <form
      className={css.stack}
      onSubmit={(event) => {
        event.preventDefault();
        report.mutate(
          { told: { ...told, phone: number }, key },
          {
            onSuccess: () => {
              setTold(EMPTY);
              setKey(crypto.randomUUID());
            },
          },
        );
      }}
    >
      {report.data && (
        <Notice tone="good">
          <p>{say("sent")}</p>
          <p className={css.code}>{report.data.tracking_code.replace(/(.{4})(?=.)/g, "$1 ")}</p>
          <p>{say("sentSay")}</p>
        </Notice>
      )}
      <TextArea label={say("what")} required rows={4} value={told.text} onChange={(event) => change({ text: event.target.value })} />
      <Where told={told} change={change} />
      <Select label={say("kind")} empty={say("class_any")} value={told.class} choices={classes} onChange={(event) => change({ class: event.target.value })} />
      <div className={css.two}>
        <Field label={say("phone")} type="tel" value={number} onChange={(event) => change({ phone: event.target.value })} />
        <Field label={say("name")} value={told.name} onChange={(event) => change({ name: event.target.value })} />
      </div>
      {report.error && <Notice tone="wrong">{inWords(report.error, words)}</Notice>}
      <div className={css.row}>
        <Button type="submit" tone="loud" disabled={report.isPending}>
          {say("send")}
        </Button>
      </div>
    </form>
  );
}

/** Where it is: as the caller says it; what the city's gazetteer knows by these words can be chosen, and gives the point. */
function Where({ told, change }: { told: Typed; change: (part: Partial<Typed>) => void }) {
  const say = room.use();
  const language = useLanguage();
  const list = useId();
  const found = usePlacesNamed(useSettled(told.at ? "" : told.address.trim()));
  const hits = told.at || !told.address.trim() ? [] : (found.data?.items ?? []);
  return (
    <div className={css.stack}>
      <Field label={say("where")} hint={say(told.at ? "placed" : "whereHint")} maxLength={300} autoComplete="off" aria-controls={list} value={told.address} onChange={(event) => change({ address: event.target.value, at: null })} />
      <Hits id={list} hits={hits.map((each) => ({ ...each, key: `${each.kind}${each.code}`, name: named(each.name, language), within: named(each.within, language) }))} onPick={(hit) => change({ address: [hit.within, hit.name].filter(Boolean).join(" "), at: { lon: hit.lon, lat: hit.lat } })} />
      {told.at && <Button onClick={() => change({ at: null })}>{say("unplace")}</Button>}
    </div>
  );
}
