/** What whoever runs the platform should do next, the alerts that hold, and the platform's own risks. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { api, data, send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import type { components } from "@/api/schema";
import { Stale } from "@/api/Stale";
import { Waiting } from "@/api/Waiting";
import { moment } from "@/lib/dates";
import { Button, Lamp, type LampColour, Notice } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import css from "./operate.module.css";
import { operate as room } from "./words";

type Screen = components["schemas"]["OperateScreen"];
type Deed = components["schemas"]["Deed"];
type Risk = components["schemas"]["RiskView"];
type Key = Parameters<ReturnType<typeof room.use>>[0];

const AREAS = ["load", "failure", "data", "opinion", "supplier"] as const;
const LAMP: Record<number, LampColour> = { 1: "red", 2: "yellow", 3: "grey" };
const said = (value: number) => String(Math.round(value * 10) / 10);

export default function Operate() {
  const say = room.use();
  const asked = useQuery({ queryKey: ["operate"], queryFn: () => data(api.GET("/v1/operate")), refetchInterval: 10_000 });
  if (asked.data)
    return (
      <Shown screen={asked.data} lookAgain={() => void asked.refetch()}>
        <Stale asked={asked} />
      </Shown>
    );
  return (
    <main className={css.page}>
      <h1>{say("title")}</h1>
      <Waiting asked={asked} loading={say("loading")} retry={say("retry")} />
    </main>
  );
}

function Shown({ screen, lookAgain, children }: { screen: Screen; lookAgain: () => void; children: ReactNode }) {
  const say = room.use();
  const backup = screen.backup_at ? moment(screen.backup_at) : say("never");
  return (
    <main className={css.page}>
      <header>
        <h1>{say("title")}</h1>
        <p className={css.quiet}>{screen.looked_at ? say("lead", { at: moment(screen.looked_at) }) : say("notLooked")}</p>
        <Button onClick={lookAgain}>{say("lookAgain")}</Button>
      </header>
      {children}
      <section>
        <h2>{say("deeds")}</h2>
        {screen.deeds.length === 0 && <p>✓ {say("none")}</p>}
        <ol className={css.list}>
          {screen.deeds.map((deed) => (
            <OneDeed key={`${deed.code} ${deed.why} ${deed.parked?.handler} ${deed.parked?.seq} ${String(deed.values?.handler ?? deed.values?.work)}`} deed={deed} />
          ))}
        </ol>
      </section>
      <Alerts screen={screen} />
      <Risks risks={screen.risks} />
      <p className={css.quiet}>{say("processes", { n: screen.processes, version: screen.version, backup })}</p>
    </main>
  );
}

function OneDeed({ deed }: { deed: Deed }) {
  const say = room.use();
  const language = useLanguage();
  const given = deed.values ?? {};
  const values = given.work ? { ...given, work: say(`work_${given.work}` as Key) } : given;
  const text = deed.code === "alert" ? named({ zh: String(values.zh), en: String(values.en) }, language) : say(`deed_${deed.code}` as Key, values);
  const why = deed.code === "backup_never" ? "backup" : deed.code;
  const reason = ["parked", "disk", "backup", "model", "work_fails"].includes(why) && !(why === "disk" && !values.large) ? say(`deed_${why}_why` as Key, values) : "";
  return (
    <li>
      <span className={css.urgency}>
        <Lamp colour={LAMP[deed.urgency] ?? "grey"} says={say(`u${deed.urgency}` as Key)} /> {say(`u${deed.urgency}` as Key)}
      </span>
      <div className={css.body}>
        <h3>{text}</h3>
        {deed.code === "alert" && <p className={css.quiet}>{say("since", { at: moment(new Date(Number(values.since) * 1000).toISOString()) })}</p>}
        {reason && <p className={css.quiet}>{reason}</p>}
        {deed.command && (
          <p>
            {say("type")} <code className={css.command}>{deed.command}</code>
          </p>
        )}
        {deed.runbook && (
          <p className={css.quiet}>
            {say("page")} <code>{deed.runbook}</code>
          </p>
        )}
      </div>
      <div className={css.bar}>{deed.parked ? <Parked parked={deed.parked} /> : deed.link && <Link href={deed.link}>{say("go")}</Link>}</div>
    </li>
  );
}

function Parked({ parked }: { parked: NonNullable<Deed["parked"]> }) {
  const say = room.use();
  const { words } = useSaid();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => send("POST", "/v1/held/retry", { handler: parked.handler, seq: parked.seq }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["operate"] }),
  });
  return (
    <>
      {again.isSuccess ? <span role="status">✓ {say("retried")}</span> : <Button onClick={() => again.mutate()}>{say("retry")}</Button>}
      <Link href="/people/held">{say("skip")}</Link>
      {again.error && <Notice tone="wrong">{told(again.error, words)}</Notice>}
    </>
  );
}

function Alerts({ screen }: { screen: Screen }) {
  const say = room.use();
  const language = useLanguage();
  return (
    <section>
      <h2>{say("alerts")}</h2>
      {screen.alerts.length === 0 && <p className={css.quiet}>{say("noAlerts")}</p>}
      <ul className={css.list}>
        {screen.alerts.map((each) => (
          <li key={each.name}>
            <span className={css.urgency}>
              <Lamp colour={each.waits ? "grey" : each.severity === "page" ? "red" : "yellow"} says={each.severity} />{" "}
              {each.waits ? say("waits") : say(each.severity === "page" ? "page_" : "ticket")}
            </span>
            <div className={css.body}>
              <h3>{named(each.words, language)}</h3>
              <p className={css.quiet}>
                <code>{each.name}</code> · {say("since", { at: moment(each.since) })}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Risks({ risks }: { risks: Risk[] }) {
  const say = room.use();
  const language = useLanguage();
  return (
    <section>
      <h2>{say("risks")}</h2>
      <p className={css.quiet}>{say("risksLead")}</p>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("risk")}</th>
            <th scope="col" className={css.number}>
              {say("now")}
            </th>
            <th scope="col" className={css.number}>
              {say("limit")}
            </th>
            <th scope="col">{say("stands")}</th>
          </tr>
        </thead>
        {AREAS.map((area) => (
          <tbody key={area}>
            <tr>
              <th scope="rowgroup" colSpan={4}>
                {say(area)}
              </th>
            </tr>
            {risks
              .filter((each) => each.area === area)
              .map((each) => (
                <tr key={each.code}>
                  <td title={each.source}>
                    {named(each.words, language)} {each.reports && <span className={css.quiet}>· {say("asCase")}</span>}
                  </td>
                  <td className={css.number}>{each.value === null ? "–" : said(each.value)}</td>
                  <td className={css.number}>{said(each.limit)}</td>
                  <td>
                    <Stands risk={each} />
                  </td>
                </tr>
              ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Stands({ risk }: { risk: Risk }) {
  const say = room.use();
  if (risk.value === null) return <span className={css.quiet}>○ {say("unmeasured")}</span>;
  if (!risk.since) return <Told colour="green" says={say("fine")} />;
  return risk.is_over ? <Told colour={risk.colour === "blue" || risk.colour === "yellow" ? "yellow" : "red"} says={say("over", { at: moment(risk.since) })} /> : <Told colour="yellow" says={say("nearly")} />;
}

function Told({ colour, says }: { colour: LampColour; says: string }) {
  return (
    <>
      <Lamp colour={colour} says={says} /> {says}
    </>
  );
}
