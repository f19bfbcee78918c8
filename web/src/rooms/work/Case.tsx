/** One case in the hand: what it is, where, what done means, and the one thing to do now. */
import { geoOf } from "@/lib/paths";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useCode } from "@/api/codes";
import { type Item, useOutbox } from "@/offline";
import { Compared } from "@/ui/Compared";
import { Helped } from "@/ui/Helped";
import { comparing, helping } from "@/ui/helped.words";
import { Button, ButtonLink, Coming, Empty, Lamp, type LampColour, Notice } from "@/ui/ui";
import { type DeedView, useCompared, useHelped, useWork, type WorkItem } from "./data";
import { DeedForm } from "./DeedForm";
import { distance } from "./Next";
import { far, offered, queuedOf, troubledOf } from "./near";
import { useRoom } from "./room";
import css from "./work.module.css";
import { work } from "./words";

export function CasePage({ id }: { id: string }) {
  const say = work.use();
  const { screen } = useRoom();
  const { isPending } = useWork();
  const item = screen?.items.find((each) => each.id === id);
  if (!screen && isPending) return <Coming says={say("loading")} />;
  if (!item)
    return (
      <Empty>
        <h1>{say("gone")}</h1>
        <p>{say("goneDo")}</p>
        <ButtonLink href="/work">{say("next")}</ButtonLink>
      </Empty>
    );
  return <CaseSheet item={item} key={item.id} />;
}

/** The case with its deeds. */
export function CaseSheet({ item, back = "/work" }: { item: WorkItem; back?: string }) {
  const say = work.use();
  const [, go] = useLocation();
  const { place, account, screen } = useRoom();
  const outbox = useOutbox();
  const queued = queuedOf(outbox, item.id);
  const troubled = troubledOf(outbox, item.id);
  const [open, setOpen] = useState<DeedView | null>(null);
  const deeds = offered(item, queued);
  const loud = deeds.find((deed) => deed.loud) ?? (deeds.length === 1 ? deeds[0] : undefined);
  const others = deeds.filter((deed) => deed !== loud);
  if (open)
    return (
      <DeedForm
        deed={open}
        item={item}
        account={account}
        offset={screen?.offset ?? "+0000"}
        photosMax={screen?.photos_max ?? 9}
        onClose={(sent) => (sent ? go(back) : setOpen(null))}
      />
    );
  return (
    <article className={css.sheet}>
      <Button className={css.back} onClick={() => history.back()}>
        ‹ {say("back")}
      </Button>
      <header>
        <h1>
          {item.lamp && <Lamp colour={item.lamp as LampColour} says={item.lamp_words ?? ""} />} {item.title}
        </h1>
        <p className={css.left} data-lamp={item.lamp ?? undefined}>
          {item.state_words} {item.left && `· ${item.left}`}
        </p>
      </header>
      {queued.length > 0 && <Notice>{`↑ ${say("queued")}：${firstWords(queued)}`}</Notice>}
      {troubled.length > 0 && (
        <Notice tone="wrong">
          <p>{say("refusedHere", { what: firstWords(troubled) })}</p>
          <Link href="/work/outbox" className={css.link}>
            {say("settle")}
          </Link>
        </Notice>
      )}
      {item.orders.map((order) => (
        <Notice key={order}>{order}</Notice>
      ))}
      <section>
        <h2>{say("said")}</h2>
        <p className={css.words}>{item.said || say("noWords")}</p>
        <Photos photos={item.photos} label={say("before")} />
        <Photos photos={item.after} label={say("after")} />
      </section>
      <section>
        <h2>{say("where")}</h2>
        <p>
          {item.place}
          {item.address ? ` · ${item.address}` : ""} <b>{distance(far(item, place.here), say)}</b>
        </p>
        {item.lat != null && item.lon != null && (
          <ButtonLink href={geoOf(item)}>{say("way")}</ButtonLink>
        )}
      </section>
      {item.condition && (
        <section>
          <h2>{say("condition")}</h2>
          <p>{item.condition}</p>
        </section>
      )}
      <LastTime id={item.id} />
      {item.after.length > 0 && <BeforeAfter id={item.id} />}
      <Called item={item} />
      <p className={css.quiet}>
        {say("number")} {item.number ?? item.id.slice(0, 8)} · {item.unit_words}
      </p>
      {others.length > 0 && (
        <section>
          <h2>{say("other")}</h2>
          <div className={css.others}>
            {others.map((deed) => (
              <Button key={deed.name} onClick={() => setOpen(deed)}>
                {deed.label}
              </Button>
            ))}
          </div>
        </section>
      )}
      <div className={css.foot}>
        {loud ? (
          <Button tone="loud" onClick={() => setOpen(loud)}>
            {loud.label}
          </Button>
        ) : (
          <p className={css.quiet}>{say("nothingNow")}</p>
        )}
      </div>
    </article>
  );
}

/** The deeds that items stand for. */
function firstWords(items: readonly Item[]): string {
  return items.map((each) => each.title.split(" · ")[0]).join("、");
}

/** What helped last time: fetched when it is opened, kept for when there is no network. */
function LastTime({ id }: { id: string }) {
  const say = helping.use();
  const [open, setOpen] = useState(false);
  const found = useHelped(id, open);
  return (
    <details className={css.lasttime} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("title")}</summary>
      {open && <Helped found={found.data} />}
    </details>
  );
}

/** Before and after, held beside each other for who inspects. */
function BeforeAfter({ id }: { id: string }) {
  const say = comparing.use();
  const [open, setOpen] = useState(false);
  const found = useCompared(id, open);
  return (
    <details className={css.lasttime} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("title")}</summary>
      {open && <Compared found={found.data} />}
    </details>
  );
}

function Called({ item }: { item: WorkItem }) {
  const say = work.use();
  if (item.called.length === 0) return null;
  return (
    <section>
      <h2>{say("called")}</h2>
      <ul className={css.plain}>
        {item.called.map((each) => (
          <li key={each.unit}>
            {each.arrived_at ? "✓" : "○"} {each.words} · {say(each.arrived_at ? "arrived" : "notArrived")}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Photos({ photos, label }: { photos: WorkItem["photos"]; label: string }) {
  const code = useCode();
  if (photos.length === 0) return null;
  return (
    <figure className={css.photos} aria-label={label}>
      <figcaption>{label}</figcaption>
      {photos.map((photo, n) => (
        <a key={photo.thumb} href={photo.shown} target="_blank" rel="noreferrer">
          <img src={photo.thumb} alt={`${label} ${n + 1}`} title={code("city.title")} loading="lazy" />
        </a>
      ))}
    </figure>
  );
}
