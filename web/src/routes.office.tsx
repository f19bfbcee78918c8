/** The site map of the office. */
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Link, Route, Switch } from "wouter";
import { useMe } from "@/api/session";
import { Gate } from "@/rooms/door/Gate";
import { Frame, type Room } from "@/rooms/frame/Frame";
import { frame } from "@/rooms/frame/words";
import { Empty, Opening } from "@/ui/ui";

const Console = lazy(() => import("@/rooms/console/Console"));
const Board = lazy(() => import("@/rooms/board/Board"));
const Evaluate = lazy(() => import("@/rooms/evaluate/Evaluate"));
const Portrait = lazy(() => import("@/rooms/portrait/Portrait"));
const Bulletins = lazy(() => import("@/rooms/bulletins/Bulletins"));
const Fair = lazy(() => import("@/rooms/fair/Fair"));
const Scores = lazy(() => import("@/rooms/scores/Scores"));
const Budget = lazy(() => import("@/rooms/scores/Budget"));
const Why = lazy(() => import("@/rooms/why/Why"));
const Pack = lazy(() => import("@/rooms/pack/Pack"));
const Evidence = lazy(() => import("@/rooms/evidence/Evidence"));
const People = lazy(() => import("@/rooms/people/People"));
const Seat = lazy(() => import("@/rooms/seat/Seat"));
const Hot = lazy(() => import("@/rooms/hot/Hot"));
const Devices = lazy(() => import("@/rooms/devices/Devices"));
const Duty = lazy(() => import("@/rooms/duty/Duty"));
const Register = lazy(() => import("@/rooms/register/Register"));
const Operate = lazy(() => import("@/rooms/operate/Operate"));
const Survey = lazy(() => import("@/rooms/survey/Survey"));
const Knowledge = lazy(() => import("@/rooms/knowledge/Knowledge"));

/** The rooms that stand in the frame's navigation, and who may see each. */
export const ROOMS: readonly Room[] = [
  { path: "/console", name: "console", needs: ["case.read"] },
  { path: "/console/seat", name: "seat", needs: ["order.answer"] },
  { path: "/console/hot", name: "hot", needs: ["report.read"] },
  { path: "/console/devices", name: "devices", needs: ["device.read"] },
  { path: "/console/duty", name: "duty", needs: ["duty.watch", "duty.roster"] },
  { path: "/board", name: "board", needs: ["figures.read"] },
  { path: "/evaluate", name: "evaluate", needs: ["figures.read"] },
  { path: "/evaluate/scores", name: "scores", needs: ["figures.read"], within: "/evaluate" },
  { path: "/evaluate/portrait", name: "portrait", needs: ["figures.read"], within: "/evaluate" },
  { path: "/evaluate/bulletins", name: "bulletins", needs: ["figures.read"], within: "/evaluate" },
  { path: "/evaluate/fair", name: "fair", needs: ["score.publish", "case.judge", "gaming.judge", "case.appeal"], within: "/evaluate" },
  { path: "/evaluate/budget", name: "budget", needs: ["figures.read"], within: "/evaluate" },
  { path: "/evaluate/survey", name: "survey", needs: ["survey.manage", "survey.fill"], within: "/evaluate" },
  { path: "/evaluate/why", name: "why", needs: ["figures.read"], within: "/evaluate" },
  { path: "/pack", name: "pack", needs: [] },
  { path: "/knowledge", name: "knowledge", needs: ["knowledge.read"] },
  { path: "/register", name: "register", needs: ["learning.read"] },
  { path: "/operate", name: "operate", needs: ["operate"] },
  { path: "/people", name: "people", needs: [] },
];

function In({ room: Page, needs = [] }: { room: ComponentType; needs?: readonly string[] }) {
  return (
    <Gate needs={needs}>
      <Frame rooms={ROOMS}>
        <Waiting>
          <Page />
        </Waiting>
      </Frame>
    </Gate>
  );
}

/** A room for everybody: who is signed in has the way to the others. */
function Open({ room: Page }: { room: ComponentType }) {
  const { me } = useMe();
  return (
    <Frame rooms={me ? ROOMS : []}>
      <Waiting>
        <Page />
      </Waiting>
    </Frame>
  );
}

function Waiting({ children }: { children: ReactNode }) {
  const say = frame.use();
  return <Suspense fallback={<Opening says={say("opening")} />}>{children}</Suspense>;
}

/** Which room an address opens. */
export function Router() {
  return (
    <Switch>
      <Route path="/console/seat">
        <In room={Seat} needs={["order.answer"]} />
      </Route>
      <Route path="/console/hot">
        <In room={Hot} needs={["report.read"]} />
      </Route>
      <Route path="/console/devices/*?">
        <In room={Devices} needs={["device.read"]} />
      </Route>
      <Route path="/console/duty">
        <In room={Duty} needs={["duty.watch", "duty.roster"]} />
      </Route>
      <Route path="/console/*?">
        <In room={Console} needs={["case.read"]} />
      </Route>
      <Route path="/board">
        <Gate needs={["figures.read"]}>
          <Waiting>
            <Board />
          </Waiting>
        </Gate>
      </Route>
      <Route path="/evaluate/survey">
        <In room={Survey} needs={["survey.manage", "survey.fill"]} />
      </Route>
      <Route path="/evaluate/portrait">
        <In room={Portrait} />
      </Route>
      <Route path="/evaluate/bulletins">
        <In room={Bulletins} needs={["figures.read"]} />
      </Route>
      <Route path="/evaluate/fair">
        <In room={Fair} needs={["score.publish", "case.judge", "gaming.judge", "case.appeal"]} />
      </Route>
      <Route path="/evaluate/scores">
        <In room={Scores} needs={["figures.read"]} />
      </Route>
      <Route path="/evaluate/budget">
        <In room={Budget} needs={["figures.read"]} />
      </Route>
      <Route path="/evaluate/why">
        <In room={Why} needs={["figures.read"]} />
      </Route>
      <Route path="/evaluate/*?">
        <In room={Evaluate} needs={["figures.read"]} />
      </Route>
      <Route path="/pack/*?">
        <In room={Pack} />
      </Route>
      <Route path="/knowledge">
        <In room={Knowledge} needs={["knowledge.read"]} />
      </Route>
      <Route path="/register">
        <Open room={Register} />
      </Route>
      <Route path="/operate/*?">
        <In room={Operate} needs={["operate"]} />
      </Route>
      <Route path="/people/*?">
        <In room={People} />
      </Route>
      <Route path="/evidence/:case">
        {({ case: caseId }) => (
          <Gate needs={["facts.read"]}>
            <Frame rooms={ROOMS}>
              <Waiting>
                <Evidence caseId={caseId} />
              </Waiting>
            </Frame>
          </Gate>
        )}
      </Route>
      <Route>
        <Nowhere />
      </Route>
    </Switch>
  );
}

function Nowhere() {
  const say = frame.use();
  return (
    <main>
      <Empty>
        <h1>{say("nothing")}</h1>
        <Link href="/console">{say("back")}</Link>
      </Empty>
    </main>
  );
}
