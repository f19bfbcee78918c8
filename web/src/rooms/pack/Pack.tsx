/** The city's rules: what they say and whence, how they were changed, and what a change would have done. */
import { route } from "@/lib/paths";
import { lazy } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { Drafts } from "./Drafts";
import { divertStyles } from "./editor/styles";
import css from "./pack.module.css";
import { ProposalPage } from "./Proposals";
import { Tables } from "./Tables";
import { TrialPage, Trials } from "./Trials";
import { Versions } from "./Versions";
import { DraftPage } from "./Draft";
import { pack } from "./words";

const Editor = lazy(() => {
  divertStyles();
  return import("./editor/Editor");
});
const SECTIONS = ["tables", "drafts", "trials", "versions"] as const;

export default function Pack() {
  const say = pack.use();
  const [path] = useLocation();
  const here = SECTIONS.find((each) => path.startsWith(route`/pack/${each}`)) ?? (path.startsWith("/pack/proposals") ? "drafts" : path.startsWith("/pack/editor") ? "tables" : undefined);
  return (
    <main className={css.room}>
      <div className={css.head}>
        <h1>{say("title")}</h1>
        <nav className={css.tabs} aria-label={say("sections")}>
          {SECTIONS.map((each) => (
            <Link key={each} href={route`/pack/${each}`} aria-current={here === each ? "page" : undefined}>
              {say(each)}
            </Link>
          ))}
        </nav>
      </div>
      <Switch>
        <Route path="/pack/tables/:table?">{({ table }) => <Tables table={table ?? "rules"} />}</Route>
        <Route path="/pack/editor">
          <Editor />
        </Route>
        <Route path="/pack/drafts">
          <Drafts />
        </Route>
        <Route path="/pack/drafts/:id">{({ id }) => <DraftPage id={id} />}</Route>
        <Route path="/pack/proposals/:id">{({ id }) => <ProposalPage id={id} />}</Route>
        <Route path="/pack/trials">
          <Trials />
        </Route>
        <Route path="/pack/trials/:id">{({ id }) => <TrialPage id={id} />}</Route>
        <Route path="/pack/versions">
          <Versions />
        </Route>
        <Route>
          <Redirect to="/pack/tables/rules" replace />
        </Route>
      </Switch>
    </main>
  );
}
