/** The console: queue left, places middle, case right; what is looked at stands in the address. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { Stale } from "@/api/Stale";
import { asking, useAsked } from "@/lib/address";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { type Deed, filtersOf, type Line, useCounts, useLists, useQueue, useScreen } from "./api";
import css from "./console.module.css";
import type { Hands } from "./Deeds";
import { Failed } from "./Failed";
import { Filters, Tabs } from "./Filters";
import { deskOf, tabOf, tabsOf } from "./furniture";
import { isTyping, meaning, typedOn } from "./keys";
import { KeySheet } from "./KeySheet";
import { useLive } from "./live";
import { Many, type ManyHands } from "./Many";
import { useLookers } from "./presence";
import { Queue } from "./Queue";
import { Search } from "./Search";
import { Sheet } from "./Sheet";
import { Where } from "./Where";
import { nextAfter } from "./virtual";
import { room } from "./words";

const SINGLE = "cityloop.console.keys";

/** The room. */
export default function Console() {
  const say = room.use();
  const { words } = useSaid();
  const { me } = useMe();
  const client = useQueryClient();
  const [asked, change] = useAsked();
  const permissions = useMemo(() => me?.permissions ?? [], [me]);
  const desk = deskOf(permissions);
  const tabs = tabsOf(desk);
  const filters = useFirst(filtersOf(asked), tabs[0]?.ask ?? {});
  const queue = useQueue(filters);
  const lines = useMemo<Line[]>(() => unique(queue.data?.pages.flatMap((page) => page.items) ?? []), [queue.data]);
  const counts = useCounts(desk.tabs).data;
  const lists = useLists().data;
  const chosen = asked.case;
  const first = queue.isPlaceholderData ? undefined : lines[0]?.case.id;
  const screen = useScreen(chosen);
  const [doing, setDoing] = useState<string | null>(null);
  const lookers = useLookers(chosen, doing);
  const live = useLive(may(me, "facts.read"));
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [over, setOver] = useState<"search" | "keys" | null>(null);
  const [single, setSingle] = useState(() => localStorage.getItem(SINGLE) !== "off");
  const [done, setDone] = useState<{ words: string; id: string } | null>(null);
  const hands = useRef<Hands | null>(null);
  const many = useRef<ManyHands | null>(null);
  const sheet = useRef<HTMLElement>(null);
  const place = lines.findIndex((line) => line.case.id === chosen);

  const go = (to: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, to))];
    if (line) change({ ...asked, case: line.case.id });
  };
  const mark = (id: string) => setMarked((now) => (now.has(id) ? new Set([...now].filter((each) => each !== id)) : new Set([...now, id])));
  const again = () => void client.invalidateQueries();
  const more = useCallback(() => void (queue.hasNextPage && !queue.isFetchingNextPage && queue.fetchNextPage()), [queue]);

  // a case that is looked at stands in the address, so that none more urgent takes its place under the hand
  useEffect(() => {
    if (!chosen && first) change({ case: first });
  });

  const finish = useRef<(deed: Deed, of: string) => void>(() => undefined);
  useEffect(() => {
    finish.current = (deed, of) => {
      setDone({ words: deed.done, id: of });
      if (of !== chosen) return; // whoever has gone on stays where they are
      setDoing(null);
      const next = nextAfter(lines.map((line) => line.case.id), of);
      if (deed.loud && next) change({ case: next });
    };
    return () => void (finish.current = () => undefined);
  });
  const finished = useCallback((deed: Deed, of: string) => finish.current(deed, of), []);

  const goesOn = useRef(typedOn());
  const press = useRef<(event: KeyboardEvent) => void>(() => undefined);
  useEffect(() => {
    press.current = (event) => {
      const meant = over ? null : meaning(event, isTyping(event.target), single);
      if (goesOn.current(event) || !meant) return;
      const [does, which] = meant;
      if (does === "close") {
        if (hands.current?.shut() || many.current?.shut()) event.preventDefault();
        return;
      }
      event.preventDefault();
      if (does === "next") go(place + 1);
      else if (does === "back") go(place - 1);
      else if (does === "loud") hands.current?.loud();
      else if (does === "deed") hands.current?.nth(which);
      else if (does === "mark" && chosen) mark(chosen);
      else if (does === "all") setMarked(new Set(lines.slice(0, 100).map((line) => line.case.id)));
      else if (does === "many") many.current?.enter();
      else if (does === "read") sheet.current?.querySelector<HTMLElement>("[data-scroll]")?.focus();
      else if (does === "side") change({ side: asked.side === "places" ? undefined : "places" });
      else if (does === "search") setOver("search");
      else if (does === "sheet") setOver("keys");
      else if (does === "again") again();
      else if (does === "filter") openFilters();
      else if (does === "tab") {
        const at = tabs.indexOf(tabOf(tabs, filters) ?? tabs[0] ?? { name: "", ask: {} });
        const to = tabs[(at + which + tabs.length) % tabs.length];
        if (to) change({ ...Object.fromEntries(Object.keys(asked).map((name) => [name, undefined])), ...to.ask });
      }
    };
  });
  useEffect(() => {
    const heard = (event: KeyboardEvent) => press.current(event);
    document.addEventListener("keydown", heard);
    return () => document.removeEventListener("keydown", heard);
  }, []);

  return (
    <main className={css.room}>
      <section className={css.queue} aria-label={say("queue")}>
        <div className={css.top}>
          <h1 className={css.unseen}>{say("title")}</h1>
          <Button className={css.searchopen} onClick={() => setOver("search")} aria-keyshortcuts="Control+K">
            {say("search")} <kbd>Ctrl K</kbd>
          </Button>
          <span className={css.live} data-live={live ?? "none"} role="status">
            {live === null ? say("noLive") : live ? say("live") : say("notLive")}
          </span>
          <Button aria-label={say("keys")} title={say("keys")} onClick={() => setOver("keys")}>
            ?
          </Button>
        </div>
        <Tabs tabs={tabs} asked={filters} counts={counts} lists={lists} />
        <Filters asked={asked} change={change} lists={lists} />
        {asked.q && (
          <p className={css.found}>
            {say("found", { words: asked.q })} <Button onClick={() => change({ q: undefined, case: undefined })}>{say("close")}</Button>
          </p>
        )}
        <Many lines={lines} marked={marked} asked={asked} lists={lists} offset={screen.data?.offset ?? "+00:00"} hands={many} onMark={(ids) => setMarked(new Set(ids))} onDone={again} />
        <Stale asked={queue} />
        {queue.isPending ? (
          <Skeleton says={say("loading")} rows={12} />
        ) : queue.isLoadingError ? (
          <Notice tone="wrong">
            {told(queue.error, words)} <Button onClick={() => void queue.refetch()}>{say("retry")}</Button>
          </Notice>
        ) : lines.length === 0 ? (
          <Empty>
            <p>{filters.view === "mine" ? say("emptyMine") : say("empty")}</p>
          </Empty>
        ) : (
          <Queue lines={lines} chosen={chosen} marked={marked} asked={asked} onMark={mark} onEnd={more} more={queue.hasNextPage} />
        )}
      </section>
      <Where lines={lines} filters={filters} asked={asked} lists={lists} chosen={chosen} fresh={queue.dataUpdatedAt} calm={!queue.isPending && !screen.isLoading} onSelect={(id) => change({ case: id })} change={change} />
      <section ref={sheet} className={css.case} aria-label={say("title")}>
        {done && (
          <p className={css.done} role="status">
            ✓ {done.words}{" "}
            {done.id !== chosen && (
              <a href={`/console${asking(asked, { case: done.id })}`} onClick={(event) => (event.preventDefault(), change({ case: done.id }), setDone(null))}>
                {say("seeIt")}
              </a>
            )}
          </p>
        )}
        <Failed chosen={chosen} asked={asked} />
        {!chosen && !queue.isPending && lines.length === 0 && (
          <Empty>
            <h2>{say("noCase")}</h2>
            <p>{say("noCaseHint")}</p>
          </Empty>
        )}
        {(chosen ? screen.isPending : lines.length > 0) && <Skeleton says={say("loading")} rows={10} />}
        {chosen && screen.isError && !screen.data && (
          <Notice tone="wrong">
            {told(screen.error, words)} <Button onClick={() => void screen.refetch()}>{say("retry")}</Button>
          </Notice>
        )}
        {!queue.isRefetchError && <Stale asked={screen} />}
        {screen.data && <Sheet screen={screen.data} lists={lists} lookers={lookers} asked={asked} hands={hands} onDoing={setDoing} onDone={finished} />}
      </section>
      {over === "search" && (
        <Search
          onPick={(id) => (setOver(null), change({ case: id }))}
          onAll={(text) => (setOver(null), change({ ...Object.fromEntries(Object.keys(asked).map((name) => [name, undefined])), q: text }))}
          onClose={() => setOver(null)}
        />
      )}
      {over === "keys" && (
        <KeySheet
          single={single}
          onSingle={(on) => (localStorage.setItem(SINGLE, on ? "on" : "off"), setSingle(on))}
          onClose={() => setOver(null)}
        />
      )}
    </main>
  );
}

/** What the address asks for; the first list of the desk where it asks for nothing. */
function useFirst(filters: Record<string, string>, first: Record<string, string | undefined>): Record<string, string> {
  const text = JSON.stringify(Object.keys(filters).length > 0 ? filters : first);
  return useMemo(() => JSON.parse(text) as Record<string, string>, [text]);
}

/** Pages that were fetched at different moments may hold a case twice. */
function unique(lines: readonly Line[]): Line[] {
  const seen = new Set<string>();
  return lines.filter((line) => !seen.has(line.case.id) && seen.add(line.case.id));
}

function openFilters(): void {
  const box = document.getElementById("filters");
  if (box instanceof HTMLDetailsElement) {
    box.open = true;
    box.querySelector("select")?.focus();
  }
}
