/** Who is on duty now: those who need a look first, what nobody fills, and where all of it is. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Stale } from "@/api/Stale";
import { timeOf } from "@/lib/dates";
import { MapView, type Mark, type Shape } from "@/map";
import { Empty, Lamp, type LampColour, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Board, type Box, boxOf, type Gap, inNeed, type Person, type Standing, standing, useBoard } from "./data";
import css from "./duty.module.css";
import { duty as room } from "./words";

const COLOURS: Record<Standing, LampColour> = { on: "green", out: "yellow", silent: "grey" };
const NEAR = 15;

export function Now() {
  const say = room.use();
  const { words } = useSaid();
  const asked = useBoard(true);
  const [chosen, choose] = useState<string | null>(null);
  const board = asked.data;
  if (!board) return asked.error ? <Notice tone="wrong">{told(asked.error, words)}</Notice> : <Skeleton rows={8} says={say("loading")} />;
  return (
    <div className={css.now}>
      <section className={css.list} aria-label={say("now")}>
        <Stale asked={asked} />
        <p className={css.quiet}>
          {say("seen")} {say("asOf", { at: timeOf(board.at) })}
        </p>
        <h2>{say("onDuty", { n: board.on_duty.length })}</h2>
        {board.on_duty.length === 0 && <Empty>{say("nobody")}</Empty>}
        <ul className={css.lines}>
          {inNeed(board.on_duty).map((each) => (
            <PersonLine key={each.line.shift} person={each} isChosen={chosen === each.line.shift} onChoose={() => choose(each.line.shift)} />
          ))}
        </ul>
        <h2>{say("gaps", { n: board.gaps.length })}</h2>
        {board.gaps.length === 0 && <p className={css.quiet}>{say(board.planned > 0 ? "noGaps" : "noPlan")}</p>}
        <ul className={css.lines}>
          {board.gaps.map((each) => (
            <GapLine key={each.post + each.begins} gap={each} isChosen={chosen === each.post} onChoose={() => choose(each.post)} />
          ))}
        </ul>
      </section>
      <Where board={board} chosen={chosen} onChoose={choose} />
    </div>
  );
}

interface Chosen {
  isChosen: boolean;
  onChoose: () => void;
}

function PersonLine({ person, isChosen, onChoose }: { person: Person } & Chosen) {
  const say = room.use();
  const language = useLanguage();
  const stands = standing(person);
  const { line } = person;
  return (
    <li>
      <button type="button" className={css.line} aria-pressed={isChosen} onClick={onChoose}>
        <Lamp colour={COLOURS[stands]} says={say(stands === "on" ? "lampOn" : stands === "out" ? "lampOut" : "lampSilent")} />
        <span className={css.told}>
          <span>
            <b>{person.name}</b> {named(person.post_name, language)}
          </span>
          {line.outside_since && <b className={css.warn}>{say("outside", { at: timeOf(line.outside_since) })}</b>}
          {person.is_silent && <b className={css.warn}>{say("silent")}</b>}
          <span className={css.quiet}>
            {line.position ? say("at", { at: timeOf(line.position.at), where: named(person.where, language) || say("beyond") }) : say("nowhere")}
          </span>
          <span className={css.quiet}>
            {say("since", { at: timeOf(line.started_at) })} · {person.planned_to ? say("until", { at: timeOf(person.planned_to) }) : say("unplanned")}
            {line.grid && ` · ${say("grid", { grid: line.grid })}`}
            {person.outside_times > 0 && ` · ${say("wentOut", { n: person.outside_times })}`}
          </span>
        </span>
      </button>
    </li>
  );
}

function GapLine({ gap, isChosen, onChoose }: { gap: Gap } & Chosen) {
  const say = room.use();
  const language = useLanguage();
  return (
    <li>
      <button type="button" className={css.line} aria-pressed={isChosen} onClick={onChoose}>
        <Lamp colour="red" says={say("lampGap")} />
        <span className={css.told}>
          <span>
            <b>{named(gap.post_name, language)}</b> {say("hours", { from: timeOf(gap.begins), to: timeOf(gap.ends) })}
          </span>
          <span className={css.quiet}>
            {[named(gap.area_name, language), named(gap.unit_name, language)].filter(Boolean).join(" · ")}
            {gap.grid && ` · ${say("grid", { grid: gap.grid })}`}
          </span>
          <span className={css.quiet}>{gap.people.length ? say("call", { people: gap.people.join("、") }) : say("noPeople")}</span>
        </span>
      </button>
    </li>
  );
}

/** Everybody and every grid on the map; the list beside it says the same. */
function Where({ board, chosen, onChoose }: { board: Board; chosen: string | null; onChoose: (id: string) => void }) {
  const say = room.use();
  const marks: Mark[] = board.on_duty.flatMap((each) =>
    each.line.position ? [{ id: each.line.shift, lon: each.line.position.lon, lat: each.line.position.lat, says: each.name, kind: COLOURS[standing(each)] }] : [],
  );
  const shapes: Shape[] = board.grids.flatMap((each) => (each.geometry ? [{ id: each.grid, geometry: each.geometry, lamp: each.is_filled ? ("green" as const) : ("red" as const) }] : []));
  const person = board.on_duty.find((each) => each.line.shift === chosen)?.line;
  const grid = person?.grid ?? board.gaps.find((each) => each.post === chosen)?.grid;
  const box = useSame(person?.position ? null : boxOf(board.grids.find((each) => each.grid === grid)?.geometry));
  const at = useSame(person?.position ? { lon: person.position.lon, lat: person.position.lat, zoom: NEAR } : null);
  return <MapView className={css.map} label={say("map")} marks={useSame(marks)} shapes={useSame(shapes)} onMark={onChoose} at={at ?? undefined} box={(box as Box | null) ?? undefined} />;
}

/** The object as it was, as long as it says the same: a map goes where it is told only when something new is said. */
function useSame<T>(value: T): T {
  const said = JSON.stringify(value);
  const [kept, keep] = useState({ said, value });
  if (kept.said === said) return kept.value;
  keep({ said, value });
  return value;
}
