/** A unit's own view: its published scores with every number, its appeals, and what it asked not to be counted. */
import { route } from "@/lib/paths";
import { type FormEvent, useState } from "react";
import { useCode } from "@/api/codes";
import { moment } from "@/lib/dates";
import { Button, Field, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { between, type Published, points, type Score, useDeed, useMine } from "./data";
import { Exclusions } from "./Exclusions";
import css from "./fair.module.css";
import { Decided } from "./Published";
import { Place } from "./Reach";
import { Refused, Waiting } from "./Waiting";
import { fair as room } from "./words";

const REASONS = ["weather", "works", "no_owner", "system_fault", "double", "beyond", "ordered"] as const;

export function Mine() {
  const say = room.use();
  const asked = useMine();
  if (!asked.data) return <Waiting asked={asked} />;
  return (
    <div className={css.body}>
      {asked.data.length === 0 && <p>{say("noMine")}</p>}
      {asked.data.flatMap((view) => view.scores.map((score) => <One key={`${view.sheet.id}${score.object}`} view={view} score={score} />))}
      <h2>{say("ourExclusions")}</h2>
      <Asking />
      <Exclusions own />
    </div>
  );
}

function One({ view: { sheet, appeals, names, placed_least: least, line_names: lines }, score }: { view: Published; score: Score }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  return (
    <section className={css.item}>
      <h2>
        {named(names[score.object], language) || score.object} · {named(sheet.scheme_name, language) || sheet.scheme} · {sheet.first_day} – {sheet.last_day}
      </h2>
      <p>
        <b className={css.points}>{points(score.points)}</b> {say("between")} {between(score)} · {say("place")} <Place score={score} least={least} />
      </p>
      <p className={css.quiet}>
        {say("version", { n: sheet.version })} · {code(`scores.state.${sheet.state}`)} · {say("until", { at: moment(sheet.notice_until) })}
      </p>
      <div className={css.wide}>
        <table className={css.table}>
          <thead>
            <tr>
              <th>{say("line")}</th>
              <th data-number>{say("number")}</th>
              <th data-number>{say("points")}</th>
            </tr>
          </thead>
          <tbody>
            {score.lines.map((line) => (
              <tr key={line.indicator}>
                <th scope="row">{named(lines[line.indicator], language) || line.indicator}</th>
                <td data-number>{line.numerator === null ? "—" : line.denominator === null ? line.numerator : `${line.numerator} / ${line.denominator}`}</td>
                <td data-number>{line.points === null ? "—" : `${points((line.points / line.full) * line.weight)} / ${points(line.weight)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {appeals
        .filter((each) => each.object === score.object)
        .map((each) => (
          <div key={each.id} className={css.told}>
            <p>
              {each.indicator ? named(lines[each.indicator], language) || each.indicator : say("whole")}: {each.note}
            </p>
            <Decided appeal={each} />
          </div>
        ))}
      {sheet.state === "notice" && <Appealing sheet={sheet.id} score={score} lines={lines} />}
    </section>
  );
}

function Appealing({ sheet, score, lines }: { sheet: string; score: Score; lines: Published["line_names"] }) {
  const say = room.use();
  const language = useLanguage();
  const [indicator, setIndicator] = useState("");
  const [words, setWords] = useState("");
  const deed = useDeed(() => setWords(""));
  const lodge = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate({ path: route`/v1/scores/published/${sheet}/appeals`, body: { object: score.object, indicator: indicator || null, words } });
  };
  return (
    <details>
      <summary>{say("appeal")}</summary>
      <form className={css.form} onSubmit={lodge}>
        <Select label={say("appealOf")} value={indicator} empty={say("whole")} choices={score.lines.map((each) => [each.indicator, named(lines[each.indicator], language) || each.indicator] as const)} onChange={(event) => setIndicator(event.target.value)} />
        <TextArea label={say("words")} required value={words} onChange={(event) => setWords(event.target.value)} />
        <div className={css.tools}>
          <Button type="submit" tone="loud" disabled={deed.isPending}>
            {say("send")}
          </Button>
          <Refused error={deed.error} />
        </div>
      </form>
    </details>
  );
}

function Asking() {
  const say = room.use();
  const code = useCode();
  const [id, setId] = useState("");
  const [reason, setReason] = useState<string>(REASONS[0]);
  const [words, setWords] = useState("");
  const deed = useDeed(() => setWords(""));
  const ask = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate({ path: "/v1/exclusions", body: { case: id.trim(), reason, words, metrics: [] } });
  };
  return (
    <details>
      <summary>{say("ask")}</summary>
      <form className={css.form} onSubmit={ask}>
        <Field label={say("caseId")} required value={id} onChange={(event) => setId(event.target.value)} />
        <Select label={say("reason")} value={reason} choices={REASONS.map((each) => [each, code(`exclusion.reason.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
        <TextArea label={say("words")} required value={words} onChange={(event) => setWords(event.target.value)} />
        <div className={css.tools}>
          <Button type="submit" tone="loud" disabled={deed.isPending}>
            {say("send")}
          </Button>
          <Refused error={deed.error} />
        </div>
      </form>
    </details>
  );
}
