/** The field's phone: what is next and near me, and everything that one does outside. Works without a network. */
import { type ReactNode, useEffect, useMemo } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { useSaid } from "@/api/codes";
import { useAccount, useMe } from "@/api/session";
import { useOnline, useOutbox, useSendOnceIn } from "@/offline";
import { Brief } from "./Brief";
import { CasePage } from "./Case";
import { Census } from "./Census";
import { useDuty, useWork } from "./data";
import { useDutyDriver } from "./duty";
import { Icon } from "./icons";
import { Mine } from "./Mine";
import { Next } from "./Next";
import { Outbox, useTaken } from "./Outbox";
import { Patrol } from "./Patrol";
import { usePlace } from "./place";
import { Report } from "./Report";
import { mayI, type Room, RoomContext, useRoom } from "./room";
import { Visits } from "./Visits";
import css from "./work.module.css";
import { work } from "./words";

export default function Work() {
  const account = useAccount();
  useSaid(); // the city's clock comes with its words: every page tells hours by it, also one that says no code
  useSendOnceIn(useMe().me?.account);
  const { data: screen } = useWork();
  const place = usePlace(screen?.shift != null);
  const pace = useDuty(mayI(screen, "duty.sign")).data?.track_every_s;
  const duty = useDutyDriver(account, screen, place.here, pace);
  const room = useMemo<Room>(() => ({ account, screen, place, duty }), [account, screen, place, duty]);
  useTaken();
  return (
    <RoomContext.Provider value={room}>
      <Shell key={account}>
        <Switch>
          <Route path="/work/case/:id">{({ id }) => <CasePage id={id} />}</Route>
          <Route path="/work/report" component={Report} />
          <Route path="/work/patrol" component={Patrol} />
          <Route path="/work/census" component={Census} />
          <Route path="/work/visits" component={Visits} />
          <Route path="/work/me" component={Mine} />
          <Route path="/work/outbox" component={Outbox} />
          <Route path="/work/brief">
            <Brief />
          </Route>
          <Route>{mayI(screen, "case.instruct") && !mayI(screen, "duty.sign") ? <Brief /> : onlyVisits(screen) ? <Visits /> : <Next />}</Route>
        </Switch>
      </Shell>
    </RoomContext.Provider>
  );
}

/** The frame: who, whether there is a network, where one can go. */
function Shell({ children }: { children: ReactNode }) {
  const say = work.use();
  const { screen } = useRoom();
  const [path] = useLocation();
  const { me } = useMe();
  useEffect(() => {
    document.getElementById("room")?.scrollTo(0, 0); // newer browsers answer with a promise, which is no clean-up
  }, [path]);
  const tabs = tabsOf(screen);
  return (
    <div className={css.room}>
      <a className={css.skip} href="#room">
        {say("skip")}
      </a>
      <Bar name={me?.name ?? ""} />
      <main id="room" className={css.main} tabIndex={-1}>
        {children}
      </main>
      <nav className={css.tabs} aria-label={say("rooms")}>
        {tabs.map((tab) => (
          <Link key={tab.path} href={tab.path} aria-current={isHere(tab.path, path) ? "page" : undefined}>
            <Icon of={tab.name} />
            {say(tab.name)}
          </Link>
        ))}
      </nav>
    </div>
  );
}

interface Tab {
  path: string;
  name: "next" | "report" | "patrol" | "census" | "visits" | "mine" | "brief";
}

function tabsOf(screen: Room["screen"]): Tab[] {
  const leads = mayI(screen, "case.instruct");
  const signs = mayI(screen, "duty.sign");
  const found: Tab[] = [];
  if (leads) found.push({ path: "/work/brief", name: "brief" });
  if (onlyVisits(screen)) return [{ path: "/work/visits", name: "visits" }, { path: "/work/me", name: "mine" }];
  if (!leads || signs) found.push({ path: "/work", name: "next" });
  if (mayI(screen, "case.self_handle") || mayI(screen, "case.handle")) found.push({ path: "/work/report", name: "report" });
  if (signs) found.push({ path: "/work/patrol", name: "patrol" });
  if (mayI(screen, "census.propose") || mayI(screen, "census.approve")) found.push({ path: "/work/census", name: "census" });
  if (mayI(screen, "survey.visit")) found.push({ path: "/work/visits", name: "visits" });
  return [...found, { path: "/work/me", name: "mine" }];
}

/** Whoever comes from outside for the visits of an evaluation, and does nothing else here. */
function onlyVisits(screen: Room["screen"]): boolean {
  return mayI(screen, "survey.visit") && !mayI(screen, "case.read");
}

function isHere(tab: string, path: string): boolean {
  if (tab !== "/work") return path.startsWith(tab);
  return path === "/work" || path.startsWith("/work/case");
}

function Bar({ name }: { name: string }) {
  const say = work.use();
  const online = useOnline();
  const { duty, screen } = useRoom();
  const waiting = useOutbox().filter((each) => each.state !== "sent");
  const troubled = waiting.filter((each) => each.state === "refused" || each.state === "conflict").length;
  return (
    <header className={css.bar}>
      <strong className={css.who}>{name}</strong>
      {mayI(screen, "duty.sign") && (
        <Link href="/work/patrol" className={css.pill} data-on={duty.shift !== null} data-trouble={duty.over !== null}>
          {duty.shift ? `● ${say("onDuty")}` : duty.over ? `! ${say("shiftEnded")}` : `○ ${say("offDuty")}`}
        </Link>
      )}
      {waiting.length > 0 && (
        <Link href="/work/outbox" className={css.pill} data-trouble={troubled > 0}>
          {troubled > 0 ? `! ${say("trouble", { n: troubled })}` : `↑ ${say("outbox")} ${waiting.length}`}
        </Link>
      )}
      {!online && (
        <p className={css.band} role="status">
          {say("offline")}
        </p>
      )}
    </header>
  );
}
