/** The resident's pages: report in three taps, follow, judge, see what is around. */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { Link, Redirect, Route, Router, Switch } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { useCode } from "@/api/codes";
import { useFirstKeep, useOnline } from "@/offline";
import { Coming, Notice } from "@/ui/ui";
import { Bar } from "./Bar";
import { useCity } from "./data";
import { wearElder } from "./elder";
import { Home } from "./Home";
import { CameraIcon, ListIcon, PinIcon } from "./icons";
import { Report } from "./reporting/Report";
import css from "./resident.module.css";
import { resident } from "./words";

const Mine = lazy(() => import("./following/Mine"));
const Follow = lazy(() => import("./following/Follow"));
const Receipt = lazy(() => import("./following/Receipt"));
const Answers = lazy(() => import("./answers/Answers"));
const Nearby = lazy(() => import("./around/Nearby"));

const TABS = [
  { path: "/", name: "home", icon: <CameraIcon /> },
  { path: "/near", name: "near", icon: <PinIcon /> },
  { path: "/mine", name: "mine", icon: <ListIcon /> },
] as const;

export default function Resident() {
  const client = useQueryClient();
  useEffect(() => wearElder(), []);
  useFirstKeep(() => void client.refetchQueries({ type: "active" }));
  return (
    <Router hook={useHashLocation}>
      <Frame>
        <Switch>
          <Route path="/" component={Home} />
          <Route path="/report/:thing?">{({ thing }) => <Report thing={thing} />}</Route>
          <Route path="/answers/:id?">{({ id }) => <Answers key={id} id={id} />}</Route>
          <Route path="/near" component={Nearby} />
          <Route path="/mine" component={Mine} />
          <Route path="/mine/:code/receipt">{({ code }) => <Receipt code={code} />}</Route>
          <Route path="/mine/:code">{({ code }) => <Follow key={code} code={code} />}</Route>
          <Route>
            <Redirect to="/" />
          </Route>
        </Switch>
      </Frame>
    </Router>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const say = resident.use();
  const code = useCode();
  const city = useCity();
  const online = useOnline();
  const [path] = useHashLocation();
  const title = code("city.title");
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.getElementById("main")?.scrollTo(0, 0);
  }, [path]);
  return (
    <div className={css.page}>
      <Bar city={city} />
      <main id="main" tabIndex={-1} className={css.main}>
        {city?.simulated && <p className={css.simulated}>{say("simulated")}</p>}
        {!online && <Notice>{say("offline")}</Notice>}
        <Suspense fallback={<Coming says={say("loading")} />}>{children}</Suspense>
      </main>
      {!path.startsWith("/report") && (
        <nav className={css.tabs} aria-label={say("pages")}>
          {TABS.map((each) => (
            <Link key={each.path} href={each.path} aria-current={path === each.path || (each.path !== "/" && path.startsWith(each.path)) ? "page" : undefined}>
              {each.icon}
              {say(each.name)}
            </Link>
          ))}
        </nav>
      )}
    </div>
  );
}
