/** Evaluation tasks: who manages them sees them all, who answers for a street or unit its tables. What is looked at stands in the address. */
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { type Line, type Sheet, useNames, useSheets, useTasks } from "./api";
import { NewTask } from "./NewTask";
import { SheetForm } from "./SheetForm";
import css from "./survey.module.css";
import { TaskPane } from "./TaskPane";
import { survey as room } from "./words";

export default function Survey() {
  const say = room.use();
  const { me } = useMe();
  const [asked, change] = useAsked();
  const manages = may(me, "survey.manage");
  const fills = may(me, "survey.fill");
  const sheets = useSheets(fills);
  const sheet = sheets.data?.find((each) => each.id === asked.sheet);
  const isOpen = Boolean(asked.task || asked.sheet || asked.new);
  return (
    <main className={css.page} data-open={isOpen}>
      <h1 className="unseen">{say("title")}</h1>
      <section className={css.left} aria-label={say("title")}>
        {manages && <Tasks chosen={asked.task} onChoose={(id) => change({ task: id, sheet: "", new: "" }, false)} onNew={() => change({ task: "", sheet: "", new: "1" }, false)} />}
        {fills && <Mine chosen={asked.sheet} onChoose={(id) => change({ sheet: id, task: "", new: "" }, false)} />}
      </section>
      <section className={css.right} aria-label={say(asked.new ? "new" : "choose")}>
        {isOpen && (
          <button type="button" className={css.back} onClick={() => change({ task: "", sheet: "", new: "" }, false)}>
            ← {say("back")}
          </button>
        )}
        {asked.new && manages && <NewTask onDone={(id) => change({ new: "", task: id })} />}
        {asked.task && manages && <TaskPane key={asked.task} id={asked.task} />}
        {sheet && fills && <SheetForm key={`${sheet.id}/${sheet.no}`} sheet={sheet} />}
        {!isOpen && <Empty>{say("choose")}</Empty>}
      </section>
    </main>
  );
}

function Tasks({ chosen, onChoose, onNew }: { chosen?: string; onChoose: (id: string) => void; onNew: () => void }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useTasks(true);
  return (
    <>
      <div className={css.top}>
        <b className={css.title}>{say("title")}</b>
        <Button tone="loud" onClick={onNew}>
          {say("new")}
        </Button>
      </div>
      {asked.isPending && <Skeleton says={say("loading")} rows={4} />}
      {asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
      {asked.data?.items.length === 0 && (
        <Empty>
          <h2>{say("none")}</h2>
          <p>{say("noneDo")}</p>
        </Empty>
      )}
      <ul className={css.lines}>
        {(asked.data?.items ?? []).map((each) => (
          <li key={each.id}>
            <TaskButton task={each} here={each.id === chosen} onChoose={() => onChoose(each.id)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function TaskButton({ task, here, onChoose }: { task: Line; here: boolean; onChoose: () => void }) {
  const say = room.use();
  const code = useCode();
  const { formOf, objectOf, listed } = useNames();
  const progress = [
    task.sheets > 0 && `${say("tables")} ${say("done", { n: task.sheets_done, of: task.sheets })}`,
    task.points > 0 && `${say("visits")} ${say("done", { n: task.points_done, of: task.points })}`,
    task.invited > 0 && `${say("asked")} ${say("done", { n: task.answered, of: task.invited })}`,
  ].filter(Boolean);
  return (
    <button type="button" className={css.line} aria-current={here} onClick={onChoose}>
      <b>{listed(task.forms.map(formOf))}</b>
      <span>
        {listed(task.objects.slice(0, 3).map(objectOf))}
        {task.objects.length > 3 && ` +${task.objects.length - 3}`}
      </span>
      <span className={css.meta}>
        <span className={task.state === "open" ? css.live : undefined}>{code(`survey.state.${task.state}`)}</span>
        <span>{code(`survey.who.${task.who}`)}</span>
        <span>{say("period", { from: task.first_day, to: task.last_day })}</span>
      </span>
      <span className={css.meta}>
        {progress.map((each) => (
          <span key={String(each)}>{each}</span>
        ))}
        {task.sheets_sent > 0 && <span className={css.warn}>{say("toReview", { n: task.sheets_sent })}</span>}
      </span>
    </button>
  );
}

function Mine({ chosen, onChoose }: { chosen?: string; onChoose: (id: string) => void }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useSheets(true);
  return (
    <>
      <div className={css.top}>
        <b className={css.title}>{say("mine")}</b>
      </div>
      {asked.isPending && <Skeleton says={say("loading")} rows={3} />}
      {asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
      {asked.data?.length === 0 && <Empty>{say("mineNone")}</Empty>}
      <ul className={css.lines}>
        {(asked.data ?? []).map((each) => (
          <li key={each.id}>
            <SheetButton sheet={each} here={each.id === chosen} onChoose={() => onChoose(each.id)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function SheetButton({ sheet, here, onChoose }: { sheet: Sheet; here: boolean; onChoose: () => void }) {
  const say = room.use();
  const code = useCode();
  const { formOf, objectOf } = useNames();
  const waits = sheet.state === "open" || sheet.state === "returned";
  return (
    <button type="button" className={css.line} aria-current={here} onClick={onChoose}>
      <b>{formOf(sheet.form)}</b>
      <span>{objectOf(sheet.object)}</span>
      <span className={css.meta}>
        <span className={waits ? css.warn : undefined}>{code(`survey.sheet.${sheet.state}`)}</span>
        <span>{say("period", { from: sheet.first_day, to: sheet.last_day })}</span>
        <span>{say("until", { day: sheet.until })}</span>
      </span>
    </button>
  );
}
