/** The cases behind a line of a score. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { behind, CASES, type Chosen, type Line, type Scheme, type Score } from "./data";
import { lineFor } from "./formula";
import css from "./scores.module.css";
import { scores } from "./words";

export interface Looked {
  score: Score;
  line: Line;
  name: string;
}

const SAID = ["yes", "no", "solved", "partly", "not", "satisfied", "mostly"] as const;

export function CasesBehind({ scheme, chosen, looked, onClose }: { scheme: Scheme; chosen: Chosen; looked: Looked; onClose: () => void }) {
  const say = scores.use();
  const language = useLanguage();
  const { words } = useSaid();
  const dialog = useRef<HTMLDialogElement>(null);
  const { score, line, name } = looked;
  const known = lineFor(scheme.indicators, line.indicator, score.group);
  const rows = useQuery({ queryKey: ["scores", "behind", chosen, line.indicator, score.object], queryFn: () => behind(chosen, scheme.objects, line, score.object, known?.is_figure ?? false) });
  useEffect(() => {
    const at = dialog.current;
    if (at && !at.open) at.showModal();
  }, []);
  const saying = (what: string) => (SAID.find((each) => each === what) ? say(what as (typeof SAID)[number]) : what);
  return (
    <dialog ref={dialog} className={css.drawer} aria-labelledby="behind" onClose={onClose}>
      <div className={css.top}>
        <h2 id="behind">
          {name} · {named(known?.name, language)}
        </h2>
        <Button onClick={() => dialog.current?.close()}>{say("close")}</Button>
      </div>
      <p>{say("behind")}</p>
      <p className={css.quiet}>{named(known?.says, language)}</p>
      {rows.isPending && <Skeleton says={say("loading")} />}
      {rows.isError && <Notice tone="wrong">{told(rows.error, words)}</Notice>}
      {rows.data?.length === 0 && <Empty>{say("none")}</Empty>}
      {rows.data && rows.data.length > 0 && (
        <>
          {rows.data.length >= CASES && <p className={css.quiet}>{say("first", { n: CASES })}</p>}
          <ul className={css.cases}>
            {rows.data.map((each, place) => (
              <li key={`${each.case_id}${place}`}>
                {each.case_id ? <Link href={route`/console?case=${each.case_id}`}>{each.number ?? `${say("case")} ${each.case_id.slice(-6)}`}</Link> : "—"}
                {!known?.is_figure && each.says && <span className={css.quiet}>{saying(each.says)}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </dialog>
  );
}
