/** What is next and near me: the map a third, the list below it in the same order. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { Link } from "wouter";
import { told } from "@/api/errors";
import { useSaid } from "@/api/codes";
import { moment } from "@/lib/dates";
import { useOnline, useOutbox } from "@/offline";
import { Button, Empty, Lamp, type LampColour, Notice, Skeleton } from "@/ui/ui";
import { useWork, type WorkItem } from "./data";
import { far, type Order, ordered, queuedOf, settled, type Spot, troubledOf } from "./near";
import { useRoom } from "./room";
import { useMapOpen, WorkMap } from "./WorkMap";
import css from "./work.module.css";
import { work } from "./words";

export function Next() {
  const say = work.use();
  const { screen, place } = useRoom();
  const asked = useWork();
  const { words } = useSaid();
  const outbox = useOutbox();
  const online = useOnline();
  const [order, setOrder] = useState<Order>("clock");
  const [mapOpen, toggleMap] = useMapOpen();
  const items = ordered(screen?.items ?? [], order, place.here);
  const waiting = items.filter((item) => !settled(item, queuedOf(outbox, item.id)));
  const done = items.filter((item) => settled(item, queuedOf(outbox, item.id)));
  return (
    <>
      <h1 className="unseen">{say("next")}</h1>
      {mapOpen && <WorkMap items={waiting} here={place.here} />}
      <div className={css.tools} role="group" aria-label={say("order")}>
        <Button aria-pressed={order === "clock"} onClick={() => setOrder("clock")}>
          {say("byClock")}
        </Button>
        <Button
          aria-pressed={order === "way"}
          onClick={() => {
            place.locate();
            setOrder("way");
          }}
        >
          {say("byWay")}
        </Button>
        <Button aria-pressed={mapOpen} onClick={toggleMap}>
          {say("map")}
        </Button>
        {order === "way" && place.state === "looking" && <span role="status">{say("locating")}</span>}
      </div>
      {order === "way" && place.state === "denied" && <Notice tone="wrong">{say("noPlace")}</Notice>}
      {screen && <Age at={screen.now} online={online} />}
      {!screen && asked.isPending && <Skeleton says={say("loading")} rows={5} />}
      {!screen && asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
      {screen && items.length === 0 && (
        <Empty>
          <h2>{say("none")}</h2>
          <p>{say("noneDo")}</p>
        </Empty>
      )}
      <ol className={css.list}>
        {[...waiting, ...done].map((item) => (
          <Line key={item.id} item={item} here={place.here} queued={queuedOf(outbox, item.id).length > 0} troubled={troubledOf(outbox, item.id).length > 0} />
        ))}
      </ol>
      {screen && screen.more > 0 && <p className={css.quiet}>{say("more", { count: screen.more })}</p>}
    </>
  );
}

function Age({ at, online }: { at: string; online: boolean }) {
  const say = work.use();
  return online ? null : <p className={css.quiet}>{say("asOf", { at: moment(at) })}</p>;
}

/** A case in one touch. */
export function Line({ item, here, queued, troubled = false, href }: { item: WorkItem; here: Spot | null; queued: boolean; troubled?: boolean; href?: string }) {
  const say = work.use();
  const loud = item.deeds.find((deed) => deed.loud);
  return (
    <li>
      <Link href={href ?? route`/work/case/${item.id}`} className={css.line} data-queued={queued}>
        {item.lamp ? <Lamp colour={item.lamp as LampColour} says={item.lamp_words ?? ""} /> : <Lamp colour="grey" says={item.state_words} />}
        <span className={css.title}>{item.title}</span>
        <span className={css.left} data-lamp={item.lamp ?? undefined}>
          {item.left ?? item.state_words}
        </span>
        <span className={css.sub}>
          {item.place}
          {item.address ? ` · ${item.address}` : ""}
        </span>
        <span className={css.far}>{distance(far(item, here), say)}</span>
        <span className={css.deed}>{troubled ? `! ${say("refused")}` : queued ? `↑ ${say("queued")}` : loud ? say("nextStep", { deed: loud.label }) : item.state_words}</span>
        {item.marks.length > 0 && (
          <span className={css.marks}>
            {item.marks.map((mark) => (
              <span key={mark} className={css.mark}>
                {mark}
              </span>
            ))}
          </span>
        )}
      </Link>
    </li>
  );
}

/** How far, in words. */
export function distance(way: number | null, say: ReturnType<typeof work.use>): string {
  if (way === null) return "";
  return way < 950 ? say("metres", { m: Math.round(way / 10) * 10 }) : say("km", { km: (way / 1000).toFixed(1) });
}
