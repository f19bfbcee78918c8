/** The roster of a week: a row for each post, a column for each day; a day's hours are changed where they stand. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Stale } from "@/api/Stale";
import { useAsked } from "@/lib/address";
import { timeOf } from "@/lib/dates";
import { Button, Empty, Field, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { beside, matching, type Plan, useWeek, type Week, type WeekLine } from "./data";
import css from "./duty.module.css";
import { HoursForm } from "./HoursForm";
import { duty as room } from "./words";

const SHOWN = 40;
type DayName = `day_${0 | 1 | 2 | 3 | 4 | 5 | 6}`;

export function Roster() {
  const say = room.use();
  const { words } = useSaid();
  const [asked, ask] = useAsked();
  const week = useWeek(asked.day ?? "", true);
  const [many, setMany] = useState(SHOWN);
  const [open, setOpen] = useState<{ post: string; day: string } | null>(null);
  const [saved, setSaved] = useState("");
  const found = week.data;
  if (!found) return week.error ? <Notice tone="wrong">{told(week.error, words)}</Notice> : <Skeleton rows={10} says={say("loading")} />;
  const lines = matching(found.lines, asked.q ?? "");
  const monday = found.days[0] ?? found.today;
  const line = found.lines.find((each) => each.post === open?.post);
  return (
    <div className={css.roster}>
      <div className={css.tools}>
        <Button onClick={() => ask({ day: beside(monday, -7) })}>← {say("earlier")}</Button>
        <Button onClick={() => ask({ day: undefined })} disabled={found.days.includes(found.today)}>
          {say("thisWeek")}
        </Button>
        <Button onClick={() => ask({ day: beside(monday, 7) })}>{say("later")} →</Button>
        <Field label={say("find")} type="search" autoComplete="off" value={asked.q ?? ""} onChange={(event) => ask({ q: event.target.value })} />
        <span className={css.quiet}>{say("legend")}</span>
      </div>
      <Stale asked={week} />
      <p role="status" className={css.quiet}>
        {saved && say("saved", { post: saved })}
      </p>
      {lines.length === 0 && <Empty>{say("none")}</Empty>}
      {lines.length > 0 && <Table week={found} lines={lines.slice(0, many)} onOpen={(post, day) => setOpen({ post, day })} />}
      {lines.length > many && <Button onClick={() => setMany(many + SHOWN)}>{say("more", { n: Math.min(SHOWN, lines.length - many) })}</Button>}
      {open && line && <HoursForm key={open.post + open.day} line={line} day={open.day} days={found.days} grids={found.grids} onClose={() => setOpen(null)} onSaved={setSaved} />}
    </div>
  );
}

interface TableGiven {
  week: Week;
  lines: readonly WeekLine[];
  onOpen: (post: string, day: string) => void;
}

function Table({ week, lines, onOpen }: TableGiven) {
  const say = room.use();
  const language = useLanguage();
  return (
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
    <div className={css.scroll} tabIndex={0} role="group" aria-label={say("week")}>
      <table className={css.week}>
        <thead>
          <tr>
            <th scope="col">{say("post")}</th>
            {week.days.map((day, n) => (
              <th key={day} scope="col" data-today={day === week.today || undefined}>
                {say(`day_${n}` as DayName)} {day.slice(5)}
                {day === week.today && <small> {say("today")}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.post}>
              <th scope="row">
                {named(line.post_name, language)}
                <small>{[line.people.join("、") || say("noPeople"), named(line.area_name, language)].filter(Boolean).join(" · ")}</small>
              </th>
              {line.plans.map((plan, n) => (
                <td key={plan.day} data-today={plan.day === week.today || undefined}>
                  <Hours plan={plan} line={line} day={say(`day_${n}` as DayName)} onOpen={() => onOpen(line.post, plan.day)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Hours({ plan, line, day, onOpen }: { plan: Plan; line: WeekLine; day: string; onOpen: () => void }) {
  const say = room.use();
  const language = useLanguage();
  const hours = plan.begins && plan.ends ? say("hours", { from: timeOf(plan.begins), to: timeOf(plan.ends) }) : say(plan.planned ? "off" : "free");
  const shown = (
    <>
      {hours}
      {plan.by_city && (
        <span className={css.dot} title={say("changed")}>
          {" "}
          ●
        </span>
      )}
    </>
  );
  if (!line.is_mine) return <span className={css.quiet}>{shown}</span>;
  return (
    <button type="button" className={css.hours} data-off={!plan.begins || undefined} aria-label={say("changeIt", { post: named(line.post_name, language), day: `${day} ${plan.day.slice(5)}`, hours })} onClick={onOpen}>
      {shown}
    </button>
  );
}
