/** Devices: which want a look, where they stand; one of them whole; and the alarms of all. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { useCode } from "@/api/codes";
import { Waiting } from "@/api/Waiting";
import { useAsked } from "@/lib/address";
import { useSame } from "@/lib/same";
import { MapView, type Mark } from "@/map";
import { Button, Empty, Field, Lamp, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { Alarms } from "./Alarms";
import { Device } from "./Device";
import { lampOf, left, type Row, rowsOf, type Screen, useDevices } from "./data";
import css from "./devices.module.css";
import { devices as room } from "./words";

const STATES = ["live", "suspect", "faulty", "planned"] as const;
const PAGE = 100;

export default function Devices() {
  return (
    <Switch>
      <Route path="/console/devices/:id">{({ id }) => <Device id={id} />}</Route>
      <Route>
        <All />
      </Route>
    </Switch>
  );
}

function All() {
  const say = room.use();
  const asked = useDevices();
  if (asked.data) return <Shown screen={asked.data} />;
  return (
    <main className={css.page}>
      <h1>{say("title")}</h1>
      <Waiting asked={asked} loading={say("loading")} retry={say("retry")} rows={10} />
    </main>
  );
}

function Shown({ screen }: { screen: Screen }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const [asked, change] = useAsked();
  const [many, list] = useState(PAGE);
  const rows = rowsOf(screen);
  const found = left(rows, asked);
  const count = (state: string) => rows.filter((each) => each.state === state).length;
  const kindOf = new Map(screen.kinds.map((each) => [each.kind as string, named(each.name, language)]));
  const ask = (name: string) => (event: { target: { value: string } }) => {
    list(PAGE);
    change({ [name]: event.target.value });
  };
  return (
    <main className={css.page}>
      <header>
        <h1>{say("title")}</h1>
        <p className={css.quiet}>{say("lead", { n: rows.length, faulty: count("faulty"), suspect: count("suspect") })}</p>
      </header>
      <div className={css.bar}>
        <Field label={say("search")} type="search" value={asked.q ?? ""} onChange={ask("q")} />
        <Select label={say("kind")} empty={say("anyKind")} value={asked.kind ?? ""} choices={[...kindOf]} onChange={ask("kind")} />
        <Select label={say("state")} empty={say("anyState")} value={asked.state ?? ""} choices={STATES.map((each) => [each, code(`sense.state.${each}`)] as const)} onChange={ask("state")} />
        <Select label={say("vendor")} empty={say("anyVendor")} value={asked.vendor ?? ""} choices={screen.vendors.map((each) => [each, each] as const)} onChange={ask("vendor")} />
        <Select label={say("level")} empty={say("anyLevel")} value={asked.alarm ?? ""} choices={[["1", say("alarmed")]]} onChange={ask("alarm")} />
      </div>
      <div className={css.two}>
        <section className={css.stack} aria-label={say("title")}>
          <p className={css.quiet} role="status">
            {say("shown", { n: Math.min(many, found.length), all: found.length })}
          </p>
          {found.length === 0 && <Empty>{say("none")}</Empty>}
          <ul className={css.lines}>
            {found.slice(0, many).map((each) => (
              <Line key={each.id} row={each} kind={kindOf.get(each.kind) ?? each.kind} />
            ))}
          </ul>
          {found.length > many && <Button onClick={() => list(many + PAGE)}>{say("more")}</Button>}
        </section>
        <Where rows={found} />
      </div>
      <section className={css.part}>
        <h2>{say("allAlarms")}</h2>
        <p className={css.quiet}>{say("allAlarmsLead")}</p>
        <Alarms thing={null} />
      </section>
    </main>
  );
}

function Line({ row, kind }: { row: Row; kind: string }) {
  const say = room.use();
  const code = useCode();
  const state = code(`sense.state.${row.state}`);
  return (
    <li>
      <Lamp colour={lampOf(row)} says={row.colour ? say(row.colour) : state} />
      <Link href={route`/console/devices/${row.id}`}>{row.name}</Link>
      <span className={css.quiet}>
        {kind} · {state}
        {row.vendor && ` · ${row.vendor}`}
      </span>
      {row.colour && <b className={css.warn}>{say(row.colour)}</b>}
    </li>
  );
}

/** The devices on the map; the list beside it says the same. */
function Where({ rows }: { rows: readonly Row[] }) {
  const say = room.use();
  const [, go] = useLocation();
  const marks: Mark[] = rows.flatMap((each) => (each.lon !== null && each.lat !== null ? [{ id: each.id, lon: each.lon, lat: each.lat, says: each.name, kind: lampOf(each) }] : []));
  return <MapView className={css.map} label={say("map")} marks={useSame(marks)} onMark={(id) => go(route`/console/devices/${id}`)} />;
}
