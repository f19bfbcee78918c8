/** The tables of a version or a draft, searched; a row can be changed in a draft. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { asking, useAsked } from "@/lib/address";
import { Button, Code, Empty, Field, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { makeDraft, type PackView, type Row, type Table, useDraft, usePack, useNames, useRows, useSend } from "./data";
import { Duties } from "./Duties";
import css from "./pack.module.css";
import { RowForm } from "./RowForm";
import { byMajor, rowSays, short } from "./saying";
import { cellSaying } from "./values";
import { pack } from "./words";

export function Tables({ table }: { table: string }) {
  const say = pack.use();
  const { words } = useSaid();
  const [asked, ask] = useAsked();
  const version = asked.draft ?? asked.version ?? "current";
  const head = usePack(version);
  if (head.isLoadingError) return <Notice tone="wrong">{told(head.error, words)}</Notice>;
  if (!head.data) return <Skeleton rows={10} says={say("loading")} />;
  const known = head.data.tables.find((each) => each.table === table);
  return (
    <>
      <p className={css.quiet}>
        {asked.draft ? say("ofDraft", { digest: short(head.data.digest) }) : say("version", { digest: short(head.data.digest) })}
        {" · "}
        {head.data.layers.join(" ← ")}
        {version !== "current" && (
          <>
            {" · "}
            <Link href={route`/pack/tables/${table}`}>{say("backToForce")}</Link>
          </>
        )}
        {asked.draft && (
          <>
            {" · "}
            <Link href={route`/pack/drafts/${asked.draft}`}>{say("draft")}</Link>
          </>
        )}
      </p>
      <div className={css.two}>
        <Contents head={head.data} table={table} asked={asked} />
        {known && <Rows key={table} {...{ known, version, ask }} q={asked.q ?? ""} draft={asked.draft ?? ""} />}
      </div>
    </>
  );
}

const FIRST = ["classes", "rules", "duties", "approvals", "stages", "hotline_limits", "callbacks"];

function Contents({ head, table, asked }: { head: PackView; table: string; asked: Record<string, string> }) {
  const say = pack.use();
  const code = useCode();
  const place = (each: Table) => (FIRST.includes(each.table) ? FIRST.indexOf(each.table) : FIRST.length);
  const tables = head.tables.filter((each) => each.rows > 0).sort((a, b) => place(a) - place(b));
  return (
    <nav aria-label={say("list")}>
      <ul className={css.list}>
        {tables.map((each) => (
          <li key={each.table}>
            <Link href={route`/pack/tables/${each.table}` + asking({ draft: asked.draft, version: asked.version })} aria-current={each.table === table ? "page" : undefined}>
              <span>{each.table === "duties" ? say("duties") : code(`pack.thing.${each.table}`)}</span>
              <span className={css.quiet}>{each.rows.toLocaleString("en")}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface RowsShown {
  known: Table;
  version: string;
  q: string;
  draft: string;
  ask: ReturnType<typeof useAsked>[1];
}

function Rows({ known, version, q, draft, ask }: RowsShown) {
  const say = pack.use();
  const language = useLanguage();
  const { me } = useMe();
  const [path, go] = useLocation();
  const [edited, setEdited] = useState<Row | null>(null);
  const found = useRows(version, known.table, q);
  const current = useDraft(draft);
  const begin = useSend(makeDraft);
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const mayEdit = may(me, "pack.propose");
  const edit = async (row: Row) => {
    if (!draft) go(`${path}${asking({ q, draft: (await begin.mutateAsync(undefined)).id })}`);
    setEdited(row);
  };
  const shown = { rows, known, onEdit: mayEdit ? (row: Row) => void edit(row) : null };
  const groups = known.table === "classes" && !q ? byMajor(rows, language) : null;
  return (
    <section className={css.stack} aria-label={known.table}>
      <div className={css.bar}>
        <Field label={say("search")} hint={say("searchHint")} type="search" defaultValue={q} onChange={(event) => ask({ q: event.target.value })} />
        <span className={css.quiet} role="status">
          {say("found", { n: `${rows.length}${found.hasNextPage ? "+" : ""}` })}
        </span>
      </div>
      {!mayEdit && <p className={css.quiet}>{say("mayNot")}</p>}
      {found.isPending && <Skeleton rows={10} says={say("loading")} />}
      {found.data && rows.length === 0 && <Empty>{say("nothing")}</Empty>}
      {known.table === "duties" ? (
        <Duties {...shown} version={version} draft={draft} />
      ) : groups ? (
        groups.map(([major, some], n) => (
          <details key={major} className={css.group} open={n === 0}>
            <summary>
              {major} <span className={css.quiet}>{say("found", { n: some.length })}</span>
            </summary>
            <List {...shown} rows={some} />
          </details>
        ))
      ) : (
        rows.length > 0 && <List {...shown} />
      )}
      {found.hasNextPage && <Button onClick={() => void found.fetchNextPage()}>{say("more")}</Button>}
      {edited && draft && current.data && <RowForm row={edited} table={known} draft={current.data} onClose={() => setEdited(null)} />}
    </section>
  );
}

interface ListShown {
  rows: readonly Row[];
  known: Table;
  onEdit: ((row: Row) => void) | null;
}

export function List({ rows, known, onEdit }: ListShown) {
  const say = pack.use();
  const code = useCode();
  const language = useLanguage();
  const { data: names } = useNames();
  const says = cellSaying({ code, language, names });
  return (
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
    <div className={css.scroll} tabIndex={0} role="group" aria-label={known.table}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("key")}</th>
            <th scope="col">{say("name")}</th>
            <th scope="col">{say("says")}</th>
            <th scope="col">{say("source")}</th>
            {onEdit && <th scope="col">{say("edit")}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <Code of={row.key} />
              </th>
              <td>{named(row.name, language)}</td>
              <td>
                <p className={css.says}>
                  {rowSays(row.cells, known.key, language, code, says).map(([name, said]) => (
                    <span key={name}>
                      <b>{name}</b> {said}
                    </span>
                  ))}
                </p>
              </td>
              <td className={css.quiet}>
                {row.source ? `${row.source.document} ${row.source.clause} ${row.source.date}` : say("noSource")}
                <br />
                {say("layer")} {row.layer}
              </td>
              {onEdit && (
                <td>
                  <Button onClick={() => onEdit(row)}>
                    {say("edit")} <span className="unseen">{row.key}</span>
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
