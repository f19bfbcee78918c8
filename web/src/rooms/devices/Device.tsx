/** One device: what it is, what it said, what it is watched by, its alarms and cases, and its life. */
import { outside, route } from "@/lib/paths";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { send } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { minutesUntil, moment } from "@/lib/dates";
import { Button, Coming, Lamp, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { Alarms } from "./Alarms";
import { Curve } from "./Curve";
import { type Device as Shown, SPANS, type SpanName, useAlarms, useDevice, useWatched, type Watched } from "./data";
import css from "./devices.module.css";
import { Rules } from "./Rules";
import { devices as room } from "./words";

const SPAN_NAMES: readonly SpanName[] = ["day", "week", "month"];

export function Device({ id }: { id: string }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useDevice(id);
  const watched = useWatched(id);
  if (asked.isLoadingError || watched.isLoadingError)
    return (
      <main className={css.page}>
        <h1>{say("nothing")}</h1>
        <Notice tone="wrong">{told(asked.error ?? watched.error, words)}</Notice>
        <p>
          <Link href="/console/devices">{say("back")}</Link>
        </p>
      </main>
    );
  if (!asked.data || !watched.data)
    return (
      <main className={css.page}>
        <Coming rows={10} says={say("loading")} />
      </main>
    );
  return <Whole device={asked.data} watched={watched.data} />;
}

function Whole({ device, watched }: { device: Shown; watched: Watched }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const [asked, change] = useAsked();
  const alarms = useAlarms(device.id, false);
  const span: SpanName = asked.span && asked.span in SPANS ? (asked.span as SpanName) : "day";
  const streams = device.streams ?? [];
  const bad = device.state !== "live";
  return (
    <main className={css.page}>
      <header className={css.stack}>
        <p>
          <Link href="/console/devices">{say("back")}</Link>
        </p>
        <h1>{device.name}</h1>
        <p className={css.bar}>
          <Lamp colour={bad ? (device.state === "planned" || device.state === "retired" ? "grey" : "yellow") : "green"} says={code(`sense.state.${device.state}`)} />
          <span>
            {named(watched.kind, language) || device.kind} · {code(`sense.state.${device.state}`)}
          </span>
          {device.state_why && device.state_at && <span className={css.quiet}>{say("since", { at: moment(device.state_at), why: code(`sense.why.${device.state_why}`) })}</span>}
          {device.simulated && <span className={css.tag}>{say("simulated")}</span>}
          {device.live_url && (
            <a href={outside(device.live_url)} target="_blank" rel="noreferrer">
              {say("live")}
            </a>
          )}
          {device.still_url && (
            <a href={outside(device.still_url)} target="_blank" rel="noreferrer">
              {say("still")}
            </a>
          )}
        </p>
      </header>
      <section className={css.part}>
        <h2>{say("of")}</h2>
        <Facts device={device} watched={watched} />
      </section>
      <section className={css.part}>
        <div className={css.bar}>
          <h2>{say("curve")}</h2>
          <Select label={say("span")} value={span} choices={SPAN_NAMES.map((each) => [each, say(each)] as const)} onChange={(event) => change({ span: event.target.value })} />
        </div>
        {streams.map((each) => (
          <Curve key={each.id} stream={each} watched={watched} alarms={alarms.data ?? []} span={span} />
        ))}
        {streams.length === 0 && <p className={css.quiet}>{say("noValues")}</p>}
      </section>
      <section className={css.part}>
        <h2>{say("rules")}</h2>
        <Rules watched={watched} units={new Map(streams.map((each) => [each.no, each.unit]))} />
      </section>
      <section className={css.part}>
        <h2>{say("alarms")}</h2>
        <Alarms thing={device.id} />
      </section>
      <section className={css.part}>
        <h2>{say("life")}</h2>
        <Life device={device} />
      </section>
    </main>
  );
}

function Facts({ device, watched }: { device: Shown; watched: Watched }) {
  const say = room.use();
  const language = useLanguage();
  const overdue = device.calibrate_by !== null && minutesUntil(device.calibrate_by) < 0;
  const rows: [string, string][] = [
    [say("key"), device.key],
    [say("owner"), named(watched.owner, language) || (device.owner ?? "")],
    [say("vendor"), device.vendor],
    [say("model"), device.model],
    [say("cell"), device.cell ?? ""],
    [say("site"), device.site],
    [say("component"), device.component ?? ""],
    [say("installed"), device.installed_at ? moment(device.installed_at) : ""],
    [say("calibrated"), device.calibrated_at ? moment(device.calibrated_at) : ""],
    [say("calibrateBy"), device.calibrate_by ? `${moment(device.calibrate_by)}${overdue ? ` · ${say("overdue")}` : ""}` : ""],
    [say("place"), device.lon !== null && device.lat !== null ? `${device.lon.toFixed(5)}, ${device.lat.toFixed(5)}` : ""],
  ];
  return (
    <dl className={css.facts}>
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Where its life may go on, and why. */
function Life({ device }: { device: Shown }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const { me } = useMe();
  const client = useQueryClient();
  const [to, choose] = useState("");
  const [why, because] = useState("");
  const moves = device.moves ?? [];
  const reasons = moves.find((each) => each.state === to)?.why ?? [];
  const move = useMutation({
    mutationFn: () => send("POST", route`/v1/devices/${device.id}/state`, { state: to, why }, { etag: `"${device.no}"`, key: crypto.randomUUID() }),
    onSuccess: () => {
      choose("");
      because("");
      return Promise.all([client.invalidateQueries({ queryKey: ["device", device.id] }), client.invalidateQueries({ queryKey: ["devices"] })]);
    },
    onError: () => client.invalidateQueries({ queryKey: ["device", device.id] }), // what changed meanwhile is seen before the next try
  });
  const no = !may(me, "device.manage") ? say("mayNot") : !to || !why ? say("choose") : null;
  return (
    <>
      <div className={css.bar}>
        <Select
          label={say("moveTo")}
          empty={say("choose")}
          value={to}
          choices={moves.map((each) => [each.state, code(`sense.state.${each.state}`)] as const)}
          onChange={(event) => {
            choose(event.target.value);
            because("");
          }}
        />
        <Select label={say("why")} empty={say("choose")} value={why} choices={reasons.map((each) => [each, code(`sense.why.${each}`)] as const)} onChange={(event) => because(event.target.value)} />
        <Button tone="loud" why={no} onClick={() => move.mutate()}>
          {say("move")}
        </Button>
      </div>
      {move.error && <Notice tone="wrong">{told(move.error, words)}</Notice>}
      {move.isSuccess && <Notice tone="good">{say("moved")}</Notice>}
    </>
  );
}
