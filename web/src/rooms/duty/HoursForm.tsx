/** The hours of a post on a day, or from it to the end of the week. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { timeOf } from "@/lib/dates";
import { Button, Field, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { useRoster, type WeekLine } from "./data";
import css from "./duty.module.css";
import { duty as room } from "./words";

interface Given {
  line: WeekLine;
  day: string;
  days: readonly string[];
  grids: readonly string[];
  onClose: () => void;
  onSaved: (post: string) => void;
}

export function HoursForm({ line, day, days, grids, onClose, onSaved }: Given) {
  const say = room.use();
  const language = useLanguage();
  const { words } = useSaid();
  const box = useRef<HTMLDialogElement>(null);
  const plan = line.plans.find((each) => each.day === day);
  const [works, setWorks] = useState(Boolean(plan?.begins));
  const [from, setFrom] = useState(plan?.begins ? timeOf(plan.begins) : "08:00");
  const [to, setTo] = useState(plan?.ends ? timeOf(plan.ends) : "17:00");
  const [grid, setGrid] = useState(plan?.by_city && plan.grid ? plan.grid : "");
  const [rest, setRest] = useState(false);
  const post = named(line.post_name, language);
  const set = useRoster(() => {
    onSaved(post);
    onClose();
  });
  useEffect(() => box.current?.showModal(), []);
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ post: line.post, days: rest ? days.filter((each) => each >= day) : [day], hours: { begins: works ? from : null, ends: works ? to : null, grid: grid || null } });
  };
  return (
    <dialog ref={box} className={css.sheet} aria-label={say("edit")} onClose={onClose}>
      <form className={css.form} onSubmit={save}>
        <h2>
          {post} <small>{day}</small>
        </h2>
        {set.error && <Notice tone="wrong">{told(set.error, words)}</Notice>}
        <label className={css.check}>
          <input type="checkbox" checked={works} onChange={(event) => setWorks(event.target.checked)} /> {say("works")}
        </label>
        {works && (
          <div className={css.two}>
            <Field label={say("from")} type="time" required value={from} onChange={(event) => setFrom(event.target.value)} />
            <Field label={say("to")} type="time" required value={to} hint={to <= from ? say("nightHint") : undefined} onChange={(event) => setTo(event.target.value)} />
          </div>
        )}
        {works && <Select label={say("atGrid")} value={grid} empty={say("ownGrid")} choices={grids.map((each) => [each, each] as const)} onChange={(event) => setGrid(event.target.value)} />}
        <Select
          label={say("apply")}
          value={rest ? "rest" : "one"}
          choices={[
            ["one", say("oneDay")],
            ["rest", say("restOfWeek")],
          ]}
          onChange={(event) => setRest(event.target.value === "rest")}
        />
        <div className={css.row}>
          <Button type="submit" tone="loud" disabled={set.isPending}>
            {say("save")}
          </Button>
          <Button onClick={onClose}>{say("cancel")}</Button>
        </div>
      </form>
    </dialog>
  );
}
