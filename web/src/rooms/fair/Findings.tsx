/** Numbers that look made: evidence for the assessor, who says what it was. Nothing follows by itself. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { Link } from "wouter";
import { useCode } from "@/api/codes";
import { Button, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { daysOf, type Finding, useDeed, useFindings } from "./data";
import css from "./fair.module.css";
import { Month } from "./Month";
import { Refused, Waiting } from "./Waiting";
import { fair as room } from "./words";

const REASONS = ["made", "careless", "explained", "unproved"] as const;

export function Findings({ month }: { month: string }) {
  const say = room.use();
  const asked = useFindings(month);
  if (!asked.data)
    return (
      <div className={css.body}>
        <Month month={month} />
        <Waiting asked={asked} />
      </div>
    );
  const { findings, level, odds } = asked.data;
  return (
    <div className={css.body}>
      <Month month={month} />
      <p className={css.quiet}>{say("findingsLead")}</p>
      <p className={css.quiet}>{say("level", { odds, level: level * 100 })}</p>
      {findings.length === 0 && <p>{say("noFindings")}</p>}
      <ul className={css.list}>
        {findings.map((each) => (
          <One key={each.id} finding={each} month={month} />
        ))}
      </ul>
    </div>
  );
}

function One({ finding, month }: { finding: Finding; month: string }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { judged } = finding;
  const photos = finding.kind === "photo_reused";
  return (
    <li className={css.item}>
      <h3>
        {code(`finding.kind.${finding.kind}`)} · {named(finding.unit_name, language) || finding.unit}
      </h3>
      <p>{photos ? say("pairs", { n: finding.observed, of: finding.of }) : say("observed", { n: finding.observed, of: finding.of, expected: finding.expected.toFixed(1) })}</p>
      <details>
        <summary>
          {say("cases")} {finding.cases.length}
        </summary>
        <ul className={css.cases}>
          {finding.cases.map((each) => (
            <li key={each}>
              <Link href={route`/console?case=${each}`}>{each}</Link>
            </li>
          ))}
        </ul>
      </details>
      {judged ? (
        <p className={css.quiet}>
          {say("judged")}: {say(judged.confirmed ? "confirm" : "explain")}, {code(`finding.reason.${judged.reason}`)} {judged.note}
        </p>
      ) : (
        <Judging finding={finding} month={month} />
      )}
    </li>
  );
}

function Judging({ finding, month }: { finding: Finding; month: string }) {
  const say = room.use();
  const code = useCode();
  const [reason, setReason] = useState<string>("explained");
  const [words, setWords] = useState("");
  const deed = useDeed();
  const { from, to } = daysOf(month);
  const path = route`/v1/findings/${finding.id}/judge?from=${from}&to=${to}`;
  return (
    <div className={css.form}>
      <Select label={say("reason")} value={reason} choices={REASONS.map((each) => [each, code(`finding.reason.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
      <TextArea label={say("note")} value={words} onChange={(event) => setWords(event.target.value)} />
      <div className={css.tools}>
        <Button disabled={deed.isPending} onClick={() => deed.mutate({ path, body: { confirmed: true, reason, words } })}>
          {say("confirm")}
        </Button>
        <Button disabled={deed.isPending} onClick={() => deed.mutate({ path, body: { confirmed: false, reason, words } })}>
          {say("explain")}
        </Button>
      </div>
      <Refused error={deed.error} />
    </div>
  );
}
