/** The cases behind a number: exactly the rows that it counts. */
import { route } from "@/lib/paths";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { TakeAway } from "@/api/TakeAway";
import { useCode } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Notice, Select, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import type { Chosen } from "./asked";
import { question } from "./asked";
import { type Behind, type Furniture, type Metric, useItems } from "./data";
import css from "./evaluate.module.css";
import { evaluate } from "./words";

interface Shown {
  chosen: Chosen;
  behind: Behind;
  metric: Metric | undefined;
  furniture: Furniture | undefined;
  onPart: (part: Behind["part"]) => void;
  onClose: () => void;
}

export function Cases({ chosen, behind, metric, furniture, onPart, onClose }: Shown) {
  const say = evaluate.use();
  const language = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const items = useItems(chosen, behind);
  useEffect(() => {
    const at = dialog.current;
    if (at && !at.open) at.showModal();
  }, []);
  const name = named(metric?.name, language) || behind.metric;
  const file = new URLSearchParams({ ...question(chosen), metric: behind.metric, part: behind.part, ...(behind.group !== null && { group: behind.group }) });
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <dialog ref={dialog} className={css.drawer} aria-labelledby="behind" onClose={onClose}>
      <div>
        <div className={css.bar}>
          <h2 id="behind">
            {behind.name} · {name}
          </h2>
          <Button onClick={() => dialog.current?.close()}>{say("close")}</Button>
        </div>
        <p>{say("cases")}</p>
        {metric && (
          <div className={css.about}>
            <span>{say("formula", { formula: named(metric.formula, language) })}</span>
            <span>{say("window", { window: named(metric.window_words, language) })}</span>
          </div>
        )}
        <div className={css.filters}>
          {metric?.is_rate && (
            <Select
              label={say("part")}
              value={behind.part}
              choices={[
                ["numerator", say("numerator")],
                ["denominator", say("denominator")],
              ]}
              onChange={(event) => onPart(event.target.value as Behind["part"])}
            />
          )}
          <TakeAway href={route`/v1/figures/cases?${file}&format=csv`}>
            {say("csv")}
          </TakeAway>
          <TakeAway href={route`/v1/figures/cases?${file}&format=xlsx`}>
            {say("xlsx")}
          </TakeAway>
        </div>
        {items.isPending && <Skeleton says={say("loading")} />}
        {items.isError && <Notice tone="wrong">{told(items.error)}</Notice>}
        {items.data && rows.length === 0 && <Empty>{say("none")}</Empty>}
        {rows.length > 0 && <List rows={rows} furniture={furniture} />}
        {items.hasNextPage && <Button onClick={() => void items.fetchNextPage()}>{say("more")}</Button>}
      </div>
    </dialog>
  );
}

function List({ rows, furniture }: { rows: readonly NonNullable<ReturnType<typeof useItems>["data"]>["pages"][number]["items"][number][]; furniture: Furniture | undefined }) {
  const say = evaluate.use();
  const code = useCode();
  const language = useLanguage();
  const called = (names: Record<string, Record<string, string>> | undefined, key: string | null | undefined) => (key ? named(names?.[key], language) || key : "");
  return (
    <table className={css.list}>
      <thead>
        <tr>
          <th scope="col">{say("case")}</th>
          <th scope="col">{say("kind")}</th>
          <th scope="col">{say("unit")}</th>
          <th scope="col">{say("state")}</th>
          <th scope="col">{say("began")}</th>
          <th scope="col">{say("due")}</th>
          <th scope="col">{say("ended")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((each) => (
          <tr key={each.id}>
            <th scope="row">{each.case_id ? <Link href={route`/console?case=${each.case_id}`}>{each.number ?? say("noNumber")}</Link> : say("noNumber")}</th>
            <td>{called(furniture?.classes, each.class_key)}</td>
            <td>{called(furniture?.units, each.unit)}</td>
            <td>{each.state ? code(`state.${each.state}`) : ""}</td>
            <td>{moment(each.began_at)}</td>
            <td>{each.due_at ? moment(each.due_at) : ""}</td>
            <td>{each.ended_at ? moment(each.ended_at) : ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
