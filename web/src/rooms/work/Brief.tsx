/** A leader's morning: yesterday in numbers, each with its cases, and the cases that wait for a word. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { asking, useAsked } from "@/lib/address";
import { Button, Coming, Notice } from "@/ui/ui";
import { CaseSheet } from "./Case";
import { type Brief as BriefView, useBrief } from "./data";
import { Line } from "./Next";
import css from "./work.module.css";
import { work } from "./words";

export function Brief() {
  const say = work.use();
  const [{ day = "", case: open }, ask] = useAsked();
  const { data: brief, isPending, isLoadingError, error } = useBrief(day);
  const { words } = useSaid();
  if (isPending) return <Coming says={say("loading")} />;
  if (isLoadingError) return <Notice tone="wrong">{told(error, words)}</Notice>;
  const item = brief.lists.flatMap((list) => list.items).find((each) => each.id === open);
  if (item) return <CaseSheet item={item} key={item.id} back="/work/brief" />;
  return (
    <>
      <header className={css.briefHead}>
        <h1>{say("briefTitle", { day: brief.day })}</h1>
        <p className={css.quiet}>{brief.areas.length > 0 ? brief.areas.join("、") : say("city")}</p>
        <div className={css.tools}>
          <Button onClick={() => ask({ day: shifted(brief.day, -1) }, false)}>‹ {say("earlier")}</Button>
          <Button onClick={() => ask({ day: shifted(brief.day, 1) }, false)}>{say("later")} ›</Button>
        </div>
      </header>
      <ul className={css.figures}>
        {brief.figures.map((each) => (
          <Number key={each.figure.metric} line={each} />
        ))}
      </ul>
      {brief.lists.map((list) => (
        <section key={list.name}>
          <h2>{list.words}</h2>
          {list.items.length === 0 && <p className={css.quiet}>{say("listNone")}</p>}
          <ol className={css.list}>
            {list.items.map((each) => (
              <Line key={each.id} item={each} here={null} queued={false} href={`/work/brief${asking({ case: each.id, day: day ?? "" })}`} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function shifted(day: string, by: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}

interface Row {
  id: string;
  case_id: string | null;
  number: string | null;
  began_at: string;
}

function Number({ line }: { line: BriefView["figures"][number] }) {
  const say = work.use();
  const [open, setOpen] = useState(false);
  const { figure } = line;
  const change = line.before == null ? say("noBefore") : line.difference === 0 ? say("same") : say("compared", { d: signed(line.difference ?? 0, figure.is_rate) });
  return (
    <li className={css.figure}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>{figure.name}</span>
        <b>{figure.shown}</b>
        <small>{change}</small>
      </button>
      {open && (
        <div className={css.formula}>
          <p>
            <b>{say("formula")}</b>：{figure.formula}
          </p>
          <Rows address={line.cases} />
        </div>
      )}
    </li>
  );
}

function signed(difference: number, is_rate: boolean): string {
  const value = is_rate ? `${(difference / 10_000).toFixed(1)}%` : String(difference);
  return difference > 0 ? `+${value}` : value;
}

function Rows({ address }: { address: string }) {
  const say = work.use();
  const asked = useQuery({ queryKey: ["work", "brief", address], queryFn: () => send<{ items: Row[] }>("GET", address) });
  const items = asked.data?.items ?? [];
  if (asked.data && items.length === 0) return <p className={css.quiet}>{say("noCases")}</p>;
  return (
    <ul className={css.plain} aria-label={say("cases")}>
      {items.map((each) => (
        <li key={each.id}>
          {each.number ?? each.id.slice(0, 8)} · {moment(each.began_at)}
        </li>
      ))}
    </ul>
  );
}
