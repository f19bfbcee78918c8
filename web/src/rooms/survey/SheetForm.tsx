/** A table of one's own object: filled in, kept at every change, sent with evidence; what was sent is shown. */
import { route } from "@/lib/paths";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { send } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { useOwnDraft } from "@/offline";
import { Button, Field, Notice, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Form, type Sheet, useForms, useNames } from "./api";
import { Shown } from "./parts";
import css from "./survey.module.css";
import { survey as room } from "./words";

export function SheetForm({ sheet }: { sheet: Sheet }) {
  const say = room.use();
  const code = useCode();
  const { formOf, objectOf } = useNames();
  const form = useForms().data?.find((each) => each.code === sheet.form);
  const waits = sheet.state === "open" || sheet.state === "returned";
  return (
    <article className={css.pane}>
      <header>
        <h2>
          {formOf(sheet.form)} · {objectOf(sheet.object)}
        </h2>
        <p className={css.meta}>
          <span className={waits ? css.warn : undefined}>{code(`survey.sheet.${sheet.state}`)}</span>
          <span>{say("period", { from: sheet.first_day, to: sheet.last_day })}</span>
          <span>{say("until", { day: sheet.until })}</span>
        </p>
      </header>
      {sheet.state === "returned" && (
        <Notice tone="wrong">
          {say("returnedFor", { why: code(`survey.return.${sheet.reason}`) })} {sheet.note}
        </Notice>
      )}
      {form && waits && <Filling sheet={sheet} form={form} />}
      {form && !waits && <Filled sheet={sheet} form={form} />}
    </article>
  );
}

function Filling({ sheet, form }: { sheet: Sheet; form: Form }) {
  const say = room.use();
  const language = useLanguage();
  const { words } = useSaid();
  const client = useQueryClient();
  const photos = useRef<HTMLInputElement>(null);
  const [begin] = useState<Record<string, string>>(() => ({ ...Object.fromEntries(Object.entries(sheet.numbers).map(([key, number]) => [key, String(number)])), ...sheet.texts }));
  const draft = useOwnDraft<Record<string, string>>(`survey/${sheet.id}/${sheet.no}`, begin);
  const post = useMutation({
    mutationFn: () => send("POST", route`/v1/survey/sheets/${sheet.id}/submission`, bodyOf(form, draft.value, [...(photos.current?.files ?? [])]), { etag: `"${sheet.no}"` }),
    onSuccess: () => draft.clear(),
    onSettled: () => void client.invalidateQueries({ queryKey: ["survey"] }),
  });
  const wrong = post.error instanceof Refusal ? String(post.error.problem.field ?? "") : "";
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        post.mutate();
      }}
    >
      <p className={css.quiet}>{named(form.says, language)}</p>
      {form.fields.map((field) => {
        const given = {
          label: named(field.name, language), value: draft.value[field.code] ?? "", required: field.required,
          wrong: wrong === field.code ? told(post.error, words) : null,
        }; // prettier-ignore
        if (field.takes === "text") return <TextArea key={field.code} {...given} onChange={(event) => draft.change({ [field.code]: event.target.value })} />;
        return (
          <Field key={field.code} {...given} type="number" step={field.takes === "whole" ? 1 : "any"} min={field.least ?? undefined} max={field.most ?? undefined} onChange={(event) => draft.change({ [field.code]: event.target.value })} />
        );
      })}
      <label className={css.file}>
        {say("photos")}
        <input ref={photos} type="file" accept="image/*" multiple />
      </label>
      {post.error && !wrong && <Notice tone="wrong">{told(post.error, words)}</Notice>}
      <div className={css.deeds}>
        <Button type="submit" tone="loud" disabled={post.isPending}>
          {say("send")}
        </Button>
        <span className={css.quiet}>{say("kept")}</span>
      </div>
    </form>
  );
}

/** What is sent: numbers and texts apart, fields that were left empty not at all. */
export function bodyOf(form: Pick<Form, "fields">, value: Record<string, string>, photos: readonly File[]): FormData {
  const given = form.fields.map((field) => ({ ...field, says: (value[field.code] ?? "").trim() })).filter((field) => field.says);
  const texts = Object.fromEntries(given.filter((field) => field.takes === "text").map((field) => [field.code, field.says]));
  const numbers = Object.fromEntries(given.filter((field) => field.takes !== "text").map((field) => [field.code, Number(field.says)]));
  const body = new FormData();
  body.append("numbers", JSON.stringify(numbers));
  body.append("texts", JSON.stringify(texts));
  for (const photo of photos) body.append("photos", photo);
  return body;
}

function Filled({ sheet, form }: { sheet: Sheet; form: Form }) {
  const say = room.use();
  const language = useLanguage();
  return (
    <>
      {sheet.state === "sent" && <Notice tone="good">{say("sent")}</Notice>}
      <dl className={css.about}>
        {form.fields.map((field) => (
          <div key={field.code}>
            <dt>{named(field.name, language)}</dt>
            <dd>{sheet.numbers[field.code] ?? sheet.texts[field.code] ?? "—"}</dd>
          </div>
        ))}
      </dl>
      <Shown photos={sheet.photos} />
    </>
  );
}
