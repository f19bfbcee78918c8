/** Bulletins: have one made and see it being made, read it as it is printed, take its files, let it come every time. */
import { Link } from "wouter";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { asking, useAsked } from "@/lib/address";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { Ask } from "./Ask";
import css from "./bulletins.module.css";
import { type Bulletin, useBulletins } from "./data";
import { Making } from "./Making";
import { Wanted } from "./Wanted";
import { bulletins as room } from "./words";

const KB = 1024;

export default function Bulletins() {
  const say = room.use();
  const { words } = useSaid();
  const [asked, ask] = useAsked();
  const found = useBulletins();
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = all.find((each) => each.id === asked.show) ?? (asked.show ? undefined : all[0]);
  return (
    <main className={css.room}>
      <section className={css.side} aria-label={say("title")}>
        <header>
          <h1>{say("title")}</h1>
          <p className={css.quiet}>{say("lead")}</p>
        </header>
        <Ask />
        <Making onDone={(id) => ask({ show: id })} />
        <h2>{say("made")}</h2>
        {found.isError && <Notice tone="wrong">{told(found.error, words)}</Notice>}
        {found.isPending && <Skeleton rows={6} says={say("loading")} />}
        {found.data && all.length === 0 && <p className={css.quiet}>{say("none")}</p>}
        <ol className={css.list}>
          {all.map((each) => (
            <li key={each.id}>
              <button type="button" aria-current={each.id === shown?.id ? "true" : undefined} aria-label={say("open", { title: each.title })} onClick={() => ask({ show: each.id })}>
                <b>{each.title}</b>
                <span className={css.quiet}>
                  {say("asOf", { at: moment(each.as_of) })}
                  {each.mine && <i className={css.tag}>{say("mine")}</i>}
                  {each.corrects && <i className={css.tag}>{say("correction")}</i>}
                  {each.replaced_by && <i className={css.tag}>{say("corrected")}</i>}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {found.hasNextPage && <Button onClick={() => void found.fetchNextPage()}>{say("more")}</Button>}
        <Wanted />
      </section>
      <section className={css.reading} aria-label={say("paper")}>
        {shown ? <Paper bulletin={shown} /> : !found.isPending && <Empty>{say("choose")}</Empty>}
      </section>
    </main>
  );
}

/** The bulletin as it is printed, and its files. */
function Paper({ bulletin }: { bulletin: Bulletin }) {
  const say = room.use();
  const page = bulletin.files.find((each) => each.form === "html");
  const pdf = bulletin.files.find((each) => each.form === "pdf");
  return (
    <>
      {bulletin.replaced_by && (
        <Notice tone="wrong">
          {say("replaced")} <Link href={`/evaluate/bulletins${asking({ show: bulletin.replaced_by })}`}>{say("toNew")}</Link>
        </Notice>
      )}
      {bulletin.corrects && (
        <Notice>
          {say("corrects")} <Link href={`/evaluate/bulletins${asking({ show: bulletin.corrects })}`}>{say("toOld")}</Link>
        </Notice>
      )}
      <header className={css.files}>
        {bulletin.files.map((each) => (
          <a key={each.form} className={css.file} href={each.href} {...(each.form === "html" ? { target: "_blank", rel: "noreferrer" } : { download: "" })}>
            {say(each.form === "html" ? "page" : (each.form as "pdf" | "docx" | "xlsx"))} <small>{say("size", { n: Math.ceil(each.size_bytes / KB) })}</small>
          </a>
        ))}
        <p className={css.quiet}>{say("proof", { seq: bulletin.seq.toLocaleString("en"), pack: bulletin.pack.slice(0, 12), digest: pdf?.digest.slice(0, 12) ?? "" })}</p>
      </header>
      {page && <iframe className={css.paper} key={bulletin.id} src={page.href} title={bulletin.title} />}
    </>
  );
}
