/** One's own account: in which posts one sits, where one is signed in, the password. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { useMe } from "@/api/session";
import { browserNamed } from "@/lib/agent";
import { moment } from "@/lib/dates";
import { Button, Empty, Field, Notice } from "@/ui/ui";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client";
import { SetSecond } from "@/api/SetSecond";
import { useDevices, useLinks, useProviders, useSecond, useSend, useSessions, useSignIns, useWords } from "./api";
import css from "./people.module.css";
import { people as room } from "./words";

export function Mine() {
  const say = room.use();
  const of = useWords();
  const { me } = useMe();
  return (
    <div className={css.stack}>
      <section className={css.stack} aria-labelledby="seats">
        <h2 id="seats">{say("seats")}</h2>
        {me?.seats.length === 0 && <Empty>{say("noSeats")}</Empty>}
        <ul className={css.rows}>
          {me?.seats.map((seat) => (
            <li key={seat.post}>
              <b>{of(seat.name)}</b>
              <span>{of(seat.role_name)}</span>
              <span className={css.quiet}>{seat.area ?? say("wholeCity")}</span>
              <details>
                <summary>{say("mayDo", { count: seat.permissions.length })}</summary>
                <p className={css.codes}>{seat.permissions.join("  ")}</p>
              </details>
            </li>
          ))}
        </ul>
      </section>
      <SecondFactor />
      <Sessions />
      <Links />
      <Devices />
      <SignIns />
      <Password />
    </div>
  );
}

function Sessions() {
  const say = room.use();
  const sessions = useSessions();
  const end = useSend("sessions");
  return (
    <section className={css.stack} aria-labelledby="sessions">
      <h2 id="sessions">{say("sessions")}</h2>
      {(sessions.data?.length ?? 0) > 1 && <Button onClick={() => end.mutate({ method: "DELETE", path: "/v1/me/sessions" })}>{say("endOthers")}</Button>}
      <ul className={css.rows}>
        {sessions.data?.map((each) => (
          <li key={each.id}>
            <b>{each.kind === "token" ? say("token") : say("session")}</b>
            <span className={css.agent}>{browserNamed(each.agent)}</span>
            <span className={css.quiet}>{say("seen", { when: moment(each.seen_at) })}</span>
            <span className={css.quiet}>{say("expires", { when: moment(each.expires_at) })}</span>
            {each.current ? <b>{say("here")}</b> : <Button onClick={() => end.mutate({ method: "DELETE", path: route`/v1/me/sessions/${each.id}` })}>{say("end")}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SecondFactor() {
  const say = room.use();
  const { words } = useSaid();
  const client = useQueryClient();
  const second = useSecond();
  const drop = useSend("second", "me");
  const [setting, set] = useState(false);
  const known = second.data;
  if (!known) return null;
  return (
    <section className={css.stack} aria-labelledby="second">
      <h2 id="second">{say("second")}</h2>
      {known.confirmed_at ? (
        <>
          <p>
            {say("secondOn", { when: moment(known.confirmed_at) })} {say("paperLeft", { count: known.recovery_left })}
          </p>
          {drop.error && <Notice tone="wrong">{told(drop.error, words)}</Notice>}
          <Button tone="danger" why={known.needed ? say("secondNeeded") : null} onClick={() => drop.mutate({ method: "DELETE", path: "/v1/me/second-factor" })}>
            {say("secondOff")}
          </Button>
        </>
      ) : setting ? (
        <SetSecond
          onDone={() => {
            set(false);
            for (const stale of ["second", "sessions", "me"]) void client.invalidateQueries({ queryKey: [stale] });
          }}
        />
      ) : (
        <>
          <p className={css.quiet}>{say("secondNone")}</p>
          <Button onClick={() => set(true)}>{say("secondSet")}</Button>
        </>
      )}
    </section>
  );
}

function Links() {
  const say = room.use();
  const of = useWords();
  const { words } = useSaid();
  const providers = useProviders();
  const links = useLinks();
  const end = useSend("links");
  const [wrong, setWrong] = useState<string | null>(null);
  if (!providers.data?.length) return null;
  async function begin(provider: string) {
    try {
      location.assign((await send<{ address: string }>("POST", route`/v1/me/links/${provider}`, { back: "/people/me" })).address);
    } catch (error) {
      setWrong(told(error, words));
    }
  }
  const refused = new URLSearchParams(location.search).get("refused");
  return (
    <section className={css.stack} aria-labelledby="links">
      <h2 id="links">{say("links")}</h2>
      {refused && <Notice tone="wrong">{told(new Refusal({ status: 409, code: refused }), words)}</Notice>}
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
      <ul className={css.rows}>
        {providers.data.map((each) => {
          const known = links.data?.find((link) => link.provider === each.id);
          return (
            <li key={each.id}>
              <b>{of(each.name)}</b>
              <span className={css.agent}>{known ? say("linkedAs", { who: known.subject }) : say("notLinked")}</span>
              {known ? <Button onClick={() => end.mutate({ method: "DELETE", path: route`/v1/me/links/${each.id}` })}>{say("unlink")}</Button> : <Button onClick={() => void begin(each.id)}>{say("link")}</Button>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Devices() {
  const say = room.use();
  const devices = useDevices();
  const forget = useSend("devices");
  if (!devices.data?.length) return null;
  return (
    <section className={css.stack} aria-labelledby="devices">
      <h2 id="devices">{say("devices")}</h2>
      <ul className={css.rows}>
        {devices.data.map((each) => (
          <li key={each.id}>
            <span className={css.agent}>{browserNamed(each.agent)}</span>
            <span className={css.quiet}>{say("seen", { when: moment(each.seen_at) })}</span>
            {each.current ? <b>{say("here")}</b> : <Button onClick={() => forget.mutate({ method: "DELETE", path: route`/v1/me/devices/${each.id}` })}>{say("forget")}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const SHOWN = 10;

function SignIns() {
  const say = room.use();
  const code = useCode();
  const tries = useSignIns();
  const [all, showAll] = useState(false);
  if (!tries.data?.length) return null;
  return (
    <section className={css.stack} aria-labelledby="tries">
      <h2 id="tries">{say("mySignIns")}</h2>
      <ul className={css.rows}>
        {tries.data.slice(0, all ? undefined : SHOWN).map((each) => (
          <li key={each.at + each.outcome}>
            <time dateTime={each.at}>{moment(each.at)}</time>
            <b>{code(`people.outcome.${each.outcome}`)}</b>
            {each.new_device && <b>{say("newDevice")}</b>}
            <span className={css.agent}>{browserNamed(each.agent)}</span>
            <span className={css.quiet}>{each.network}</span>
          </li>
        ))}
      </ul>
      {!all && tries.data.length > SHOWN && <Button onClick={() => showAll(true)}>{say("more")}</Button>}
    </section>
  );
}

function Password() {
  const say = room.use();
  const { words } = useSaid();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useSend("sessions");
  return (
    <section className={css.stack} aria-labelledby="password">
      <h2 id="password">{say("password")}</h2>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { method: "PUT", path: "/v1/me/password", body: { old, new: fresh } },
            {
              onSuccess: () => {
                setOld("");
                setFresh("");
              },
            },
          );
        }}
      >
        <Field label={say("old")} type="password" autoComplete="current-password" required value={old} onChange={(event) => setOld(event.target.value)} />
        <Field label={say("fresh")} type="password" autoComplete="new-password" required value={fresh} onChange={(event) => setFresh(event.target.value)} />
        {change.error && <Notice tone="wrong">{told(change.error, words)}</Notice>}
        {change.isSuccess && <Notice tone="good">{say("changed")}</Notice>}
        <Button type="submit">{say("change")}</Button>
      </form>
    </section>
  );
}
