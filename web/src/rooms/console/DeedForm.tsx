/** The one form of every deed: it asks for what the server says that the deed takes. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { useDraft } from "@/lib/drafts";
import { Button, Notice } from "@/ui/ui";
import type { Deed, Lists, Screen } from "./api";
import css from "./console.module.css";
import { One } from "./Fields";
import { blank, missing } from "./forms";
import { useMeanwhile, useSending } from "./sending";
import { room } from "./words";

interface Props {
  deed: Deed;
  screen: Screen;
  lists: Lists | undefined;
  onClose: () => void;
  onDone: (deed: Deed, of: string) => void;
}

/** The form. */
export function DeedForm({ deed, screen, lists, onClose, onDone }: Props) {
  const say = room.use();
  const { words } = useSaid();
  const draft = useDraft(`${screen.case.id}:${deed.name}`, blank(deed));
  const meanwhile = useMeanwhile();
  const sending = useSending(screen, (done, of) => {
    draft.done();
    onDone(done, of);
  });
  const error = sending.failed?.deed.name === deed.name ? sending.failed.error : null;
  const [looked, setLooked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const answer = deed.fields.find((each) => each.takes === "answer");
  const missed = looked ? missing({ ...deed, fields: deed.fields.filter((each) => each !== answer) }, draft.typed) : [];

  useEffect(() => {
    form.current?.querySelector<HTMLElement>("select, textarea, input:not([type=hidden]), button")?.focus();
  }, []);

  async function go(event: FormEvent, chosen: Record<string, string> = {}) {
    event.preventDefault();
    if (deed.why_not !== null) return;
    const typed = { ...draft.typed, ...chosen };
    setLooked(true);
    const open = missing(deed, typed);
    if (open.length > 0) {
      form.current?.querySelector<HTMLElement>(`[name="${open[0]}"]`)?.focus();
      return;
    }
    await sending.send(deed, typed, draft.photos, draft.key);
  }

  return (
    <form ref={form} className={css.form} onSubmit={(event) => void go(event)} aria-label={deed.label} noValidate>
      <h3>{deed.label}</h3>
      {deed.fields
        .filter((each) => each !== answer)
        .map((field) => (
          <One key={field.name} field={field} lists={lists} value={draft.typed[field.name] ?? ""} onType={(value) => draft.type({ [field.name]: value })} wrong={missed.includes(field.name) ? say("needed") : null} photos={draft.photos} onPhotos={draft.choose} />
        ))}
      {deed.hint && <p className={css.quiet}>{deed.hint}</p>}
      {error !== null && (
        <Notice tone="wrong">
          {error instanceof Refusal && error.changed ? say("changed") : told(error, words)} {meanwhile(error)}
        </Notice>
      )}
      {deed.why_not !== null && <Notice tone="wrong">{say("deedNotNow", { why: deed.why_not })}</Notice>}
      <div className={css.line}>
        {answer ? (
          answer.choices.map((choice, place) => (
            <Button key={choice.value} tone={place === 0 ? "loud" : "plain"} why={deed.why_not} disabled={sending.busy} onClick={(event) => void go(event, { [answer.name]: choice.value })}>
              {choice.words}
            </Button>
          ))
        ) : (
          <Button type="submit" tone="loud" why={deed.why_not} disabled={sending.busy}>
            {sending.busy ? say("sending") : say("send", { deed: deed.label })}
          </Button>
        )}
        <Button onClick={onClose}>{say("cancel")}</Button>
      </div>
    </form>
  );
}
