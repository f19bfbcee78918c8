/** The queue: a page of a hundred at a time, only the rows in sight are drawn. */
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { asking } from "@/lib/address";
import { Lamp, type LampColour } from "@/ui/ui";
import type { Line } from "./api";
import css from "./console.module.css";
import { scrollTo, windowOf } from "./virtual";
import { room } from "./words";

export const ROW = 56; // px; as in the style sheet

interface Props {
  lines: readonly Line[];
  chosen: string | undefined;
  marked: ReadonlySet<string>;
  asked: Record<string, string>;
  onMark: (id: string) => void;
  onEnd: () => void;
  more: boolean;
}

/** The rows. */
export function Queue({ lines, chosen, marked, asked, onMark, onEnd, more }: Props) {
  const say = room.use();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const index = lines.findIndex((line) => line.case.id === chosen);
  const shown = windowOf(lines.length, ROW, view.top, view.height);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element || index < 0) return;
    const to = scrollTo(index, ROW, element.scrollTop, element.clientHeight);
    if (to !== null) element.scrollTop = to;
  }, [index, chosen]);

  useEffect(() => {
    if (more && shown.last >= lines.length - 20) onEnd();
  }, [more, shown.last, lines.length, onEnd]);

  return (
    <div ref={box} className={css.rows} tabIndex={-1}>
      <ul style={{ paddingTop: shown.above, paddingBottom: shown.below }} aria-label={say("queue")}>
        {lines.slice(shown.first, shown.last).map((line) => (
          <Row
            key={line.case.id}
            line={line}
            here={line.case.id === chosen}
            marked={marked.has(line.case.id)}
            href={`/console${asking(asked, { case: line.case.id })}`}
            onMark={() => onMark(line.case.id)}
          />
        ))}
      </ul>
      {more && <p className={css.more}>{say("more")}</p>}
    </div>
  );
}

function Row({ line, here, marked, href, onMark }: { line: Line; here: boolean; marked: boolean; href: string; onMark: () => void }) {
  const say = room.use();
  const lamp = (line.case.clock?.lamp ?? "grey") as LampColour;
  return (
    <li className={css.row} data-here={here || undefined} data-marked={marked || undefined}>
      <input type="checkbox" checked={marked} onChange={onMark} aria-label={say("choose", { title: `${line.title} ${line.case.number ?? line.place}` })} />
      <Link href={href} aria-current={here ? "true" : undefined} replace>
        <span className={css.first}>
          {line.case.clock ? <Lamp colour={lamp} says={line.lamp ?? ""} /> : <Over line={line} />}
          <b>{line.title}</b>
          {line.case.urgency > 1 && <em>{say("urgent")}</em>}
          <span className={css.left} data-lamp={line.case.clock?.lamp}>
            {line.left}
          </span>
        </span>
        <span className={css.second}>
          <span className={css.state}>{line.state}</span>
          {line.marks.map((mark) => (
            <i key={mark}>{mark}</i>
          ))}
          <span className={css.where}>{line.place}</span>
          {line.case.reports > 1 && <span>×{line.case.reports}</span>}
          {line.asks && <span className={css.asks}>{line.asks}</span>}
          {line.unit && <span className={css.unit}>{line.unit}</span>}
        </span>
      </Link>
    </li>
  );
}

/** Where no clock runs: whether it ended in time. */
function Over({ line }: { line: Line }) {
  const say = room.use();
  const timely = line.case.on_time;
  if (timely === null) return <Lamp colour="grey" says={line.state} />;
  return (
    <span className={css.over} data-late={!timely || undefined} role="img" aria-label={say(timely ? "inTime" : "tooLate")}>
      {timely ? "✓" : "✕"}
    </span>
  );
}
