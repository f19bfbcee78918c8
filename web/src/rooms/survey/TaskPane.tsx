/** A task whole: what is gathered, what it comes to, and how it ends. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Notice, Select, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Task, useDeed, useForms, useNames, useTask, useVisitors } from "./api";
import { Points, Sheets } from "./Gathered";
import { Numbers } from "./Numbers";
import { Questionnaires } from "./Questionnaires";
import { Correct, Versions } from "./Versions";
import css from "./survey.module.css";
import { survey as room } from "./words";

const CANCEL = ["mistaken", "replaced", "put_off"];

export function TaskPane({ id }: { id: string }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useTask(id);
  if (asked.isPending) return <Skeleton says={say("loading")} rows={6} />;
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  return <Whole task={asked.data} />;
}

function Whole({ task }: { task: Task }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { formOf, objectOf, listed } = useNames();
  const forms = useForms().data ?? [];
  const kindOf = (kind: string) => named(forms.flatMap((each) => each.points).find((each) => each.code === kind)?.name ?? {}, language) || kind;
  const correcting = task.state === "open" && task.version > 0;
  const asks = task.forms.some((each) => forms.find((form) => form.code === each)?.tool === "questionnaire");
  return (
    <article className={css.pane}>
      <header>
        <h2>{listed(task.forms.map(formOf))}</h2>
        <p className={css.meta}>
          <span className={task.state === "open" ? css.live : undefined}>{code(`survey.state.${task.state}`)}</span>
          <span>{code(`survey.who.${task.who}`)}</span>
          <span>{say("period", { from: task.first_day, to: task.last_day })}</span>
          {task.state === "open" && <span>{say("until", { day: task.until })}</span>}
          {task.visitors.length > 0 && <Visitors ids={task.visitors} secret={task.who === "mystery"} />}
        </p>
        <p>{listed(task.objects.map(objectOf))}</p>
        {task.state === "published" && task.ended_at && <Notice tone="good">{say(task.lacks ? "publishedLacking" : "published", { at: moment(task.ended_at), n: task.lacks })}</Notice>}
        {task.state === "cancelled" && <Notice>{say("cancelled", { why: code(`survey.cancel.${task.reason}`) })}</Notice>}
        {task.short.map((each) => (
          <p key={`${each.kind}/${each.object}`} className={css.quiet}>
            {objectOf(each.object)} · {say("short", { kind: kindOf(each.kind), wanted: each.wanted, there: each.there })}
          </p>
        ))}
      </header>
      {correcting && (
        <Notice>
          {say("correcting", { n: task.version, why: code(`survey.correct.${task.reason}`) })} {task.correcting}
        </Notice>
      )}
      {task.state === "open" && <Ending task={task} correcting={correcting} />}
      <Numbers task={task} />
      <Versions task={task} />
      {task.state === "published" && <Correct task={task} />}
      {task.all_sheets.length > 0 && <Sheets task={task} />}
      {task.all_points.length > 0 && <Points task={task} />}
      {asks && <Questionnaires task={task} />}
    </article>
  );
}

function Visitors({ ids, secret }: { ids: readonly string[]; secret: boolean }) {
  const say = room.use();
  const language = useLanguage();
  const { listed } = useNames();
  const known = useVisitors(true).data ?? [];
  const nameOf = (id: string) => named(known.find((each) => each.code === id)?.name ?? {}, language) || id;
  return (
    <span title={secret ? say("secretHint") : undefined}>
      {say("visitors")} {listed(ids.map(nameOf))}
    </span>
  );
}

function Ending({ task, correcting }: { task: Task; correcting: boolean }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const deed = useDeed();
  const [reason, setReason] = useState("");
  const [open, setOpen] = useState(false);
  const lacks = task.lacks > 0 || task.running;
  const at = route`/v1/survey/tasks/${task.id}`;
  return (
    <section className={css.ending} aria-label={say("publish")}>
      <p className={css.quiet}>
        {say("publishSay")}
        {lacks && (
          <b className={css.warn}>
            {" "}
            {[task.lacks > 0 && say("lacks", { n: task.lacks }), task.running && say("running")].filter(Boolean).join(" · ")}
          </b>
        )}
      </p>
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      <div className={css.deeds}>
        <Button tone={lacks ? "plain" : "loud"} disabled={deed.isPending} onClick={() => deed.mutate({ path: `${at}/publication`, body: { anyway: lacks }, no: task.no })}>
          {say(lacks ? "publishAnyway" : "publish")}
        </Button>
        {!open && <Button onClick={() => setOpen(true)}>{say(correcting ? "correctEnd" : "cancelTask")}</Button>}
        {open && (
          <span className={css.returning}>
            <Select label={say("reason")} empty="—" value={reason} choices={CANCEL.map((each) => [each, code(`survey.cancel.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
            <Button tone="danger" why={reason ? null : say("reason")} onClick={() => deed.mutate({ path: `${at}/cancellation`, body: { reason }, no: task.no })}>
              {say(correcting ? "correctEnd" : "cancelTask")}
            </Button>
          </span>
        )}
      </div>
    </section>
  );
}
