/** Questionnaires of a task: how many were invited and answered, invitations to draw and to print, and what was written. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, ButtonLink, Field, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Task, useDeed, useForms, useNames, useSaidWords } from "./api";
import css from "./survey.module.css";
import { survey as room } from "./words";

const MANY = 50;

export function Questionnaires({ task }: { task: Task }) {
  const say = room.use();
  const { formOf, objectOf } = useNames();
  const tools = new Map((useForms().data ?? []).map((each) => [each.code, each.tool]));
  const forms = task.forms.filter((each) => tools.get(each) === "questionnaire");
  return (
    <section className={css.part}>
      <h3>{say("asked")}</h3>
      {task.state === "open" && <p className={css.quiet}>{say("hidden")}</p>}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */}
      <div className={css.scroll} tabIndex={0} role="group" aria-label={say("asked")}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{say("object")}</th>
              <th scope="col">{say("invited")}</th>
              <th scope="col">{say("answered")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {forms.flatMap((form) =>
              task.objects.map((object) => {
                const row = task.progress.find((each) => each.form === form && each.object === object);
                return (
                  <tr key={`${form}/${object}`}>
                    <th scope="row">
                      {objectOf(object)} {forms.length > 1 && formOf(form)}
                    </th>
                    <td>{row?.invited ?? 0}</td>
                    <td>{row?.answered ?? 0}</td>
                    <td>{row && task.state === "open" && <ButtonLink href={route`/survey-slips?${new URLSearchParams({ task: task.id, form, object })}`}>{say("print")}</ButtonLink>}</td>
                  </tr>
                );
              }),
            )}
          </tbody>
        </table>
      </div>
      {task.state === "open" && <Drawing task={task} forms={forms} />}
      {task.state === "published" && forms.flatMap((form) => task.objects.map((object) => <Words key={`${form}/${object}`} task={task.id} form={form} object={object} />))}
    </section>
  );
}

function Drawing({ task, forms }: { task: Task; forms: readonly string[] }) {
  const say = room.use();
  const { words } = useSaid();
  const { formOf, objectOf } = useNames();
  const deed = useDeed();
  const [form, setForm] = useState(forms[0] ?? "");
  const [object, setObject] = useState(task.objects[0] ?? "");
  const [count, setCount] = useState(String(MANY));
  return (
    <>
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      <div className={css.returning}>
        {forms.length > 1 && <Select label={say("forms")} value={form} choices={forms.map((each) => [each, formOf(each)] as const)} onChange={(event) => setForm(event.target.value)} />}
        <Select label={say("object")} value={object} choices={task.objects.map((each) => [each, objectOf(each)] as const)} onChange={(event) => setObject(event.target.value)} />
        <Field label={say("count")} type="number" min={1} max={1000} value={count} onChange={(event) => setCount(event.target.value)} />
        <Button disabled={deed.isPending} onClick={() => deed.mutate({ path: route`/v1/survey/tasks/${task.id}/invitations`, body: { form, object, count: Number(count) } })}>
          {say("draw")}
        </Button>
      </div>
    </>
  );
}

function Words({ task, form, object }: { task: string; form: string; object: string }) {
  const say = room.use();
  const language = useLanguage();
  const { objectOf } = useNames();
  const questions = useForms().data?.find((each) => each.code === form)?.questions ?? [];
  const texts = useSaidWords(task, form, object).data?.texts;
  return (
    <details className={css.fold}>
      <summary>
        {say("said")} · {objectOf(object)}
      </summary>
      {!texts && <p className={css.quiet}>{say("saidNone")}</p>}
      {Object.entries(texts ?? {}).map(([question, some]) => (
        <div key={question}>
          <p className={css.quiet}>{named(questions.find((each) => each.code === question)?.name ?? {}, language)}</p>
          <ul>
            {some.map((each, place) => (
              <li key={`${place}-${each}`}>{each}</li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
