/** Reporting for who calls: their number comes with it, so that they are called back. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told as inWords } from "@/api/errors";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { type Told, useNames, useReport } from "./api";
import css from "./seat.module.css";
import { seat as room } from "./words";

const EMPTY: Told = { text: "", address: "", class: "", name: "", phone: "" };

export function Report({ phone }: { phone: string }) {
  const say = room.use();
  const { words } = useSaid();
  const { classes } = useNames();
  const [told, setTold] = useState(EMPTY);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const report = useReport();
  const change = (part: Partial<Told>) => setTold({ ...told, ...part });
  const number = told.phone || phone;
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
      <Field label={say("where")} maxLength={300} value={told.address} onChange={(event) => change({ address: event.target.value })} />
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
