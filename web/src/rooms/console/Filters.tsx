/** Which list is looked at: the desk's own, saved views, and filters. All of it stands in the address. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { asking } from "@/lib/address";
import { Button, Field, Notice, Select } from "@/ui/ui";
import { type Choice, type Count, filtersOf, type Lists, useViews, type View } from "./api";
import css from "./console.module.css";
import { type Tab, tabOf } from "./furniture";
import { room } from "./words";

/** The lists of the desk with their counts, then the saved views. */
export function Tabs({ tabs, asked, counts, lists }: { tabs: readonly Tab[]; asked: Record<string, string>; counts: Record<string, Count> | undefined; lists: Lists | undefined }) {
  const say = room.use();
  const here = tabOf(tabs, asked);
  const views = useViews().data ?? [];
  const plain = Object.keys(filtersOf(asked)).length === (here ? Object.keys(here.ask).length : -1);
  const name = (tab: Tab) => (tab.name === "mine" || tab.name === "open" || tab.name === "late" || tab.name === "over" ? say(tab.name) : (lists?.waits.find((each) => each.value === tab.name)?.words ?? tab.name));
  const same = (view: View) => asking(filtersOf(asked)) === asking(filtersOf(Object.fromEntries(new URLSearchParams(view.asked))));
  const link = (tab: Tab) => {
    const count = counts?.[tab.name];
    return (
      <Link key={tab.name} href={`/console${asking(tab.ask)}`} aria-current={tab === here && plain ? "page" : undefined} data-tab={tab.name}>
        {name(tab)} {count && <small>{count.more ? say("atLeast", { count: count.count }) : count.count}</small>}
      </Link>
    );
  };
  return (
    <nav className={css.tabs} aria-label={say("lists")}>
      <div>{tabs.filter((tab) => !tab.ask.waits).map(link)}</div>
      <div>{tabs.filter((tab) => tab.ask.waits).map(link)}</div>
      <div>
        {views.map((view) => (
          <Link key={view.id} href={route`/console?${new URLSearchParams(view.asked)}`} aria-current={same(view) ? "page" : undefined} className={css.saved}>
            {view.name}
          </Link>
        ))}
      </div>
    </nav>
  );
}

const NAMES = ["state", "lamp", "class_key", "area", "unit", "channel", "request_kind", "mark"] as const;
type Name = (typeof NAMES)[number];

function choicesOf(name: Name, lists: Lists): readonly Choice[] {
  const of = { state: lists.states, lamp: lists.lamps, class_key: lists.classes, area: lists.areas, unit: lists.units, channel: lists.channels, request_kind: lists.requests, mark: lists.marks };
  return of[name];
}

/** The filters above the queue. */
export function Filters({ asked, change, lists }: { asked: Record<string, string>; change: (to: Record<string, string | undefined>) => void; lists: Lists | undefined }) {
  const say = room.use();
  const used = NAMES.filter((name) => asked[name]).length + (asked.order ? 1 : 0);
  const labels: Record<Name, string> = { state: say("state"), lamp: say("lamp"), class_key: say("kind"), area: say("area"), unit: say("unit"), channel: say("channel"), request_kind: say("request"), mark: say("mark") };
  return (
    <details className={css.filters} id="filters">
      <summary>
        {say("filters")} {used > 0 && <b>{used}</b>}
      </summary>
      {lists && (
        <div className={css.grid}>
          {NAMES.map((name) => (
            <Select key={name} label={labels[name]} empty={say("any")} value={asked[name] ?? ""} choices={choicesOf(name, lists).map((each) => [each.value, each.words, each.group] as const)} onChange={(event) => change({ [name]: event.target.value, case: undefined })} />
          ))}
          <Select label={say("order")} empty={say("byClock")} value={asked.order ?? ""} choices={[["newest", say("newest")]]} onChange={(event) => change({ order: event.target.value })} />
        </div>
      )}
      <div className={css.line}>
        {used > 0 && <Button onClick={() => change({ ...Object.fromEntries(NAMES.map((name) => [name, undefined])), order: undefined })}>{say("clear")}</Button>}
        <SaveView asked={asked} lists={lists} />
      </div>
    </details>
  );
}

/** Keep what is looked at under a name, or take a kept one away. */
function SaveView({ asked, lists }: { asked: Record<string, string>; lists: Lists | undefined }) {
  const say = room.use();
  const { words } = useSaid();
  const client = useQueryClient();
  const views = useViews().data ?? [];
  const [name, setName] = useState("");
  const [post, setPost] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const here = asking(filtersOf(asked)).slice(1);
  const kept = views.find((view) => view.asked === here);

  async function run(work: () => Promise<unknown>) {
    try {
      await work();
      setWrong(null);
      setName("");
    } catch (error) {
      setWrong(told(error, words));
    }
    await client.invalidateQueries({ queryKey: ["views"] });
  }

  if (kept)
    return (
      <Button tone="danger" onClick={() => void run(() => send("DELETE", route`/v1/views/${kept.id}`))}>
        {say("drop", { name: kept.name })}
      </Button>
    );
  return (
    <details className={css.save}>
      <summary>{say("saveView")}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(() => send("POST", "/v1/views", { name, asked: here, post: post || null }));
        }}
      >
        <Field label={say("viewName")} value={name} onChange={(event) => setName(event.target.value)} maxLength={40} required wrong={wrong} />
        <Select label={say("viewFor")} value={post} onChange={(event) => setPost(event.target.value)} empty={say("viewMine")} choices={(lists?.posts ?? []).map((each) => [each.value, each.words] as const)} />
        <Button type="submit">{say("save")}</Button>
      </form>
      {!here && <Notice>{say("open")}</Notice>}
    </details>
  );
}
