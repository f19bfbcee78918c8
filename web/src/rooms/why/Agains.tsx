/** What was fixed and is back within a week, by place, class, unit and month: numbers to the right. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { Link } from "wouter";
import { Select } from "@/ui/ui";
import type { Again, Why } from "./data";
import { chance, type Named, percent, times } from "./saying";
import css from "./why.module.css";
import { why as room } from "./words";

const BY = ["places", "classes", "units", "seasons"] as const;

export function Agains({ why, name }: { why: Why; name: Named }) {
  const say = room.use();
  const [by, choose] = useState<(typeof BY)[number]>(BY.find((each) => why[each].length > 0) ?? "places");
  const rows = why[by].slice(0, 12);
  return (
    <section className={css.part}>
      <div className={css.head}>
        <h2>{say("again")}</h2>
        <Select label={say("what")} value={by} choices={BY.map((each) => [each, say(each)] as const)} onChange={(event) => choose(event.target.value as typeof by)} />
      </div>
      {rows.length === 0 ? (
        <p className={css.quiet}>{say("againNone")}</p>
      ) : (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                {(["what", "closed", "back", "share", "timely", "expected", "q"] as const).map((each) => (
                  <th key={each} scope="col">
                    {say(each)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((each) => (
                <Row key={each.group + each.class_key} row={each} says={called(each, by, name)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function called(row: Again, by: (typeof BY)[number], name: Named): string {
  if (by === "seasons") return row.group;
  if (by === "classes") return name("class", row.group);
  const of = name("class", row.class_key);
  return by === "units" ? `${name("unit", row.group)} · ${of}` : of;
}

function Row({ row, says }: { row: Again; says: string }) {
  const last = (row.cases ?? []).at(-1);
  return (
    <tr>
      <th scope="row">{last ? <Link href={route`/console?case=${last}`}>{says}</Link> : says}</th>
      <td>{row.back.whole}</td>
      <td>{row.back.part}</td>
      <td>
        {percent(row.back.value)} <small>{`${percent(row.back.low)}–${percent(row.back.high)}`}</small>
      </td>
      <td>{percent(row.fixed_and_back.value)}</td>
      <td>{times(row.expected)}</td>
      <td>{chance(row.q ?? 1)}</td>
    </tr>
  );
}
