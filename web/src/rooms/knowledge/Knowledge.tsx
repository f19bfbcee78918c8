/** The knowledge base: what the city answers with. List left, entry right; what is looked at stands in the address. */
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { Button, Empty, Field, Notice, Skeleton } from "@/ui/ui";
import { LISTS, type Line, useEntries, useEntry, useNames } from "./api";
import { Editor } from "./Editor";
import { EntryPane } from "./EntryPane";
import css from "./knowledge.module.css";
import { knowledge as room } from "./words";

export default function Knowledge() {
  const say = room.use();
  const { me } = useMe();
  const [asked, change] = useAsked();
  const shown = asked.shown ?? "read";
  const entry = useEntry(asked.entry);
  const isWriting = asked.edit === "new" || (asked.edit === "old" && Boolean(entry.data));
  return (
    <main className={css.page} data-open={Boolean(asked.entry || asked.edit)}>
      <h1 className="unseen">{say("title")}</h1>
      <section className={css.left} aria-label={say("title")}>
        <div className={css.top}>
          <b className={css.title} aria-hidden="true">
            {say("title")}
          </b>
          {may(me, "knowledge.write") && (
            <Button tone="loud" onClick={() => change({ entry: "", edit: "new" }, false)}>
              {say("write")}
            </Button>
          )}
        </div>
        <Finder key={asked.q ?? ""} q={asked.q ?? ""} onFind={(q) => change({ q, shown: "" })} />
        {asked.q ? (
          <p>
            <Button onClick={() => change({ q: "" })}>← {say("clear")}</Button>
          </p>
        ) : (
          <nav className={css.tabs} aria-label={say("lists")}>
            {LISTS.map((each) => (
              <button key={each} type="button" aria-pressed={each === shown} onClick={() => change({ shown: each === "read" ? "" : each })}>
                {say(each)}
              </button>
            ))}
          </nav>
        )}
        <Lines q={asked.q ?? ""} shown={shown} chosen={asked.entry} onChoose={(id) => change({ entry: id, edit: "" }, false)} />
      </section>
      <section className={css.right} aria-label={say(isWriting ? (asked.edit === "new" ? "editNew" : "editOld") : "choose")}>
        {isWriting ? (
          <Editor key={asked.edit === "new" ? "new" : asked.entry} entry={asked.edit === "new" ? undefined : entry.data} onDone={(id) => change({ entry: id, edit: "" })} />
        ) : !asked.entry ? (
          <Empty>{say("choose")}</Empty>
        ) : entry.data ? (
          <EntryPane key={entry.data.id} entry={entry.data} onRevise={() => change({ edit: "old" }, false)} onBack={() => change({ entry: "" })} />
        ) : (
          <Waiting error={entry.error} />
        )}
      </section>
    </main>
  );
}

function Waiting({ error }: { error: unknown }) {
  const say = room.use();
  const { words } = useSaid();
  return error ? <Notice tone="wrong">{told(error, words)}</Notice> : <Skeleton rows={6} says={say("loading")} />;
}

function Finder({ q, onFind }: { q: string; onFind: (q: string) => void }) {
  const say = room.use();
  const [typed, type] = useState(q);
  return (
    <form
      role="search"
      className={css.find}
      onSubmit={(event) => {
        event.preventDefault();
        onFind(typed.trim());
      }}
    >
      <Field label={say("search")} type="search" value={typed} maxLength={200} onChange={(event) => type(event.target.value)} />
      <Button type="submit">{say("find")}</Button>
    </form>
  );
}

function Lines({ q, shown, chosen, onChoose }: { q: string; shown: string; chosen?: string; onChoose: (id: string) => void }) {
  const say = room.use();
  const entries = useEntries(q, shown);
  const lines = entries.data?.pages.flatMap((page) => page?.items ?? []) ?? [];
  if (!entries.data) return <Waiting error={entries.error} />;
  if (lines.length === 0) return <Empty>{q ? say("noneFound", { q }) : shown === "read" ? say("noneRead") : say("none")}</Empty>;
  return (
    <>
      <ul className={css.lines}>
        {lines.map((each) => (
          <li key={each.id}>
            <EntryLine line={each} isChosen={each.id === chosen} onChoose={() => onChoose(each.id)} />
          </li>
        ))}
      </ul>
      {entries.hasNextPage && <Button onClick={() => void entries.fetchNextPage()}>{say("more")}</Button>}
    </>
  );
}

function EntryLine({ line, isChosen, onChoose }: { line: Line; isChosen: boolean; onChoose: () => void }) {
  const say = room.use();
  const code = useCode();
  const { unitOf } = useNames();
  return (
    <button type="button" className={css.entry} aria-current={isChosen ? "true" : undefined} onClick={onChoose}>
      <b>{line.title ?? say("erased")}</b>
      <span className={css.text}>{line.text}</span>
      <span className={css.meta}>
        {line.why_not ? (
          <span className={css.warn}>{code(`knowledge.why_not.${line.why_not}`)}</span>
        ) : (
          <span>{say("until", { day: line.valid_until })}</span>
        )}
        <span>{unitOf(line.owner)}</span>
        <span>{line.is_public ? say("public") : say("staff")}</span>
        {line.flags > 0 && <span className={css.warn}>▲ {say("flags", { count: line.flags })}</span>}
        {line.asked > 0 && <span>{say("asked", { count: line.asked })}</span>}
      </span>
    </button>
  );
}
