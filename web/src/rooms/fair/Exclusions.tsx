/** Cases that should not be counted: who asks, why, and what supervision decides. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { Link } from "wouter";
import { useCode } from "@/api/codes";
import { moment } from "@/lib/dates";
import { Button, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Exclusion, useDeed, useExclusion, useExclusions } from "./data";
import css from "./fair.module.css";
import { Refused, Waiting } from "./Waiting";
import { fair as room } from "./words";

const REFUSED = ["unfounded", "unproved", "own_fault"] as const;

export function Exclusions({ own }: { own: boolean }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const asked = useExclusions(own);
  const [shown, setShown] = useState("");
  if (!asked.data) return <Waiting asked={asked} />;
  return (
    <div className={css.body}>
      <p className={css.quiet}>{say("exclusionsLead")}</p>
      {asked.data.items.length === 0 && <p>{say("noExclusions")}</p>}
      <ul className={css.list}>
        {asked.data.items.map((each) => (
          <li key={each.id} className={css.item}>
            <div className={css.row}>
              <Link href={route`/console?case=${each.case}`}>{each.number ?? each.case}</Link>
              <span>{named(each.unit_name, language) || each.unit}</span>
              <span>{code(`exclusion.reason.${each.reason}`)}</span>
              <span className={css.quiet}>{each.metrics.length > 0 ? each.metrics.map((metric) => code(`metric.${metric}`)).join("、") : say("allMetrics")}</span>
              <span className={css.state} data-state={each.state}>
                {code(`exclusion.state.${each.state}`)}
              </span>
              <span className={css.quiet}>{moment(each.asked_at)}</span>
              <Button aria-expanded={shown === each.id} onClick={() => setShown(shown === each.id ? "" : each.id)}>
                {say("open")}
              </Button>
            </div>
            {shown === each.id && <Shown id={each.id} own={own} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Shown({ id, own }: { id: string; own: boolean }) {
  const code = useCode();
  const asked = useExclusion(id);
  if (!asked.data) return <Waiting asked={asked} />;
  const { note, answer, refused_for: refused, state } = asked.data;
  return (
    <div className={css.told}>
      <p>{note}</p>
      {refused && <p className={css.quiet}>{code(`exclusion.refused.${refused}`)}</p>}
      {answer && <p>{answer}</p>}
      {state === "open" && !own && <Deciding asked={asked.data} />}
    </div>
  );
}

function Deciding({ asked }: { asked: Exclusion }) {
  const say = room.use();
  const code = useCode();
  const [reason, setReason] = useState<string>(REFUSED[0]);
  const [words, setWords] = useState("");
  const deed = useDeed();
  const address = route`/v1/exclusions/${asked.id}`;
  return (
    <div className={css.form}>
      <TextArea label={say("answer")} value={words} onChange={(event) => setWords(event.target.value)} />
      <div className={css.tools}>
        <Button tone="loud" disabled={deed.isPending} onClick={() => deed.mutate({ path: `${address}/granted`, body: { words }, of: address })}>
          {say("grant")}
        </Button>
        <Select label={say("reason")} value={reason} choices={REFUSED.map((each) => [each, code(`exclusion.refused.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
        <Button disabled={deed.isPending} onClick={() => deed.mutate({ path: `${address}/refused`, body: { reason, words }, of: address })}>
          {say("refuse")}
        </Button>
      </div>
      <Refused error={deed.error} />
    </div>
  );
}
