/** Alarms, the newest first, and what people say of each. */
import { route } from "@/lib/paths";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { send } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { moment } from "@/lib/dates";
import { Button, Empty, Lamp, type LampColour, Notice, Select, Skeleton } from "@/ui/ui";
import { type Alarm, type Colour, useAlarms, write } from "./data";
import css from "./devices.module.css";
import { devices as room } from "./words";

const LAMPS: Record<Colour, LampColour> = { red: "red", orange: "red", yellow: "yellow", blue: "yellow" };
const FALSE_FOR = ["nothing_found", "sensor_wrong", "limit_wrong", "other_cause"] as const;

export function Alarms({ thing }: { thing: string | null }) {
  const say = room.use();
  const { words } = useSaid();
  const [running, only] = useState(false);
  const asked = useAlarms(thing, running);
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  if (!asked.data) return <Skeleton rows={4} says={say("loading")} />;
  return (
    <>
      {!thing && (
        <label>
          <input type="checkbox" checked={running} onChange={(event) => only(event.target.checked)} /> {say("onlyRunning")}
        </label>
      )}
      {asked.data.length === 0 && <Empty>{say("noAlarms")}</Empty>}
      <ul className={css.lines}>
        {asked.data.map((each) => (
          <Told key={each.id} alarm={each} ofAll={!thing} />
        ))}
      </ul>
    </>
  );
}

function Told({ alarm, ofAll }: { alarm: Alarm; ofAll: boolean }) {
  const say = room.use();
  const code = useCode();
  return (
    <li>
      <Lamp colour={LAMPS[alarm.colour]} says={say(alarm.colour)} />
      <b>{moment(alarm.raised_at)}</b>
      <span>{say(alarm.colour)}</span>
      <span>
        {alarm.rule} · {write(alarm.value, alarm.unit)}
      </span>
      <span className={css.quiet}>{alarm.cleared_at ? say("ended", { at: moment(alarm.cleared_at) }) : say("running")}</span>
      {ofAll && <Link href={route`/console/devices/${alarm.thing_id}`}>{say("of")}</Link>}
      {alarm.case_id && <Link href={route`/console?case=${alarm.case_id}`}>{say("theCase")}</Link>}
      {alarm.is_true !== null && (
        <span className={css.tag}>
          {say("judged", { what: alarm.is_true ? say("true") : say("untrue") })}
          {alarm.judged_for && ` · ${code(`sense.judged.${alarm.judged_for}`)}`}
        </span>
      )}
      <Judge alarm={alarm} />
    </li>
  );
}

function Judge({ alarm }: { alarm: Alarm }) {
  const say = room.use();
  const code = useCode();
  const { me } = useMe();
  const { words } = useSaid();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, choose] = useState<string>(FALSE_FOR[0]);
  const judge = useMutation({
    mutationFn: (body: { is_true: boolean; reason: string }) => send("POST", route`/v1/alarms/${alarm.id}/judge`, body),
    onSuccess: () => {
      setOpen(false);
      return client.invalidateQueries({ queryKey: ["alarms"] });
    },
  });
  if (!may(me, "alarm.judge")) return null;
  if (!open)
    return (
      <>
        <Button onClick={() => setOpen(true)}>{say("markFalse")}</Button>
        {alarm.is_true !== true && <Button onClick={() => judge.mutate({ is_true: true, reason: "as_said" })}>{say("markTrue")}</Button>}
        {judge.error && <Notice tone="wrong">{told(judge.error, words)}</Notice>}
      </>
    );
  return (
    <div className={css.bar}>
      <Select label={say("falseFor")} value={reason} choices={FALSE_FOR.map((each) => [each, code(`sense.judged.${each}`)] as const)} onChange={(event) => choose(event.target.value)} />
      <Button tone="loud" onClick={() => judge.mutate({ is_true: false, reason })}>
        {say("markFalse")}
      </Button>
      {judge.error && <Notice tone="wrong">{told(judge.error, words)}</Notice>}
    </div>
  );
}
