/** Site visits: the points that I look at, near ones first; each occurrence is counted with one press. Works without a network. */
import { geoOf } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useOutbox } from "@/offline";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type PointView, useVisits } from "./data";
import { metres } from "./near";
import { useRoom } from "./room";
import { VisitForm } from "./VisitForm";
import css from "./work.module.css";
import { work } from "./words";

export function Visits() {
  const say = work.use();
  const language = useLanguage();
  const { words } = useSaid();
  const { place } = useRoom();
  const [open, setOpen] = useState<PointView | null>(null);
  const asked = useVisits(true);
  const outbox = useOutbox("visit");
  const queued = (point: PointView) => outbox.some((each) => each.chain === `survey_point/${point.id}` && each.state === "waiting");
  if (open) return <VisitForm key={open.id} point={open} onClose={() => setOpen(null)} />;
  const tasks = asked.data ?? [];
  return (
    <>
      <h1>{say("visits")}</h1>
      <div className={css.tools}>
        <Button onClick={place.locate}>◎ {say(place.state === "looking" ? "locating" : "locate")}</Button>
      </div>
      {place.state === "denied" && <Notice tone="wrong">{say("noPlace")}</Notice>}
      {!asked.data && asked.isPending && <Skeleton says={say("loading")} rows={4} />}
      {!asked.data && asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
      {asked.data && tasks.length === 0 && (
        <Empty>
          <h2>{say("visitsNone")}</h2>
          <p>{say("visitsNoneDo")}</p>
        </Empty>
      )}
      {tasks.map((task) => {
        const left = task.points.filter((each) => each.state !== "visited" && !queued(each));
        return (
          <section key={task.task}>
            <h2>
              {Object.values(task.form_names)
                .map((each) => named(each, language))
                .join(" · ")}
            </h2>
            <p className={css.quiet}>{say("visitsLeft", { n: left.length, of: task.points.length, until: task.until })}</p>
            <ul className={css.list}>
              {sorted(task.points, place.here).map((point) => (
                <Point key={point.id} point={point} queued={queued(point)} onOpen={() => setOpen(point)} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

/** What is to be looked at first, the nearest of it first. */
function sorted(points: readonly PointView[], here: { lon: number; lat: number } | null): PointView[] {
  const way = (point: PointView) => (here ? metres(point, here) : 0);
  const seen = (point: PointView) => (point.state === "visited" ? 1 : 0);
  return [...points].sort((a, b) => seen(a) - seen(b) || way(a) - way(b));
}

function Point({ point, queued, onOpen }: { point: PointView; queued: boolean; onOpen: () => void }) {
  const say = work.use();
  const code = useCode();
  const language = useLanguage();
  const { place } = useRoom();
  const far = place.here ? Math.round(metres(point, place.here)) : null;
  const settled = queued || point.state === "visited";
  return (
    <li className={css.waiting}>
      <b>
        {named(point.kind_name, language)} · {named(point.place_name, language) || `${point.lat.toFixed(4)}, ${point.lon.toFixed(4)}`}
      </b>
      <span className={css.quiet}>
        {queued ? say("queued") : code(`survey.point.${point.state}`)}
        {far !== null && ` · ${say("metres", { m: far })}`}
        {point.reason && point.state === "returned" && ` · ${code(`survey.return.${point.reason}`)}`}
      </span>
      {!settled && (
        <div className={css.tools}>
          <Button tone="loud" onClick={onOpen}>
            {say("visit")}
          </Button>
          <a className={css.way} href={geoOf(point)}>
            {say("way")}
          </a>
        </div>
      )}
    </li>
  );
}
