/** The one form of a deed for many cases. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/ui/ui";
import type { Lists, ManyDeed } from "./api";
import css from "./console.module.css";
import { One } from "./Fields";
import { missing, type Typed } from "./forms";
import { room } from "./words";

interface Props {
  deed: ManyDeed;
  count: number;
  lists: Lists | undefined;
  busy: boolean;
  onSend: (typed: Typed) => void;
  onClose: () => void;
}

/** The form. */
export function ManyForm({ deed, count, lists, busy, onSend, onClose }: Props) {
  const say = room.use();
  const [typed, setTyped] = useState<Typed>({});
  const [looked, setLooked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const open = missing(deed, typed);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>("select, textarea, input, button")?.focus();
  }, []);

  function go(event: FormEvent) {
    event.preventDefault();
    setLooked(true);
    if (open.length > 0) form.current?.querySelector<HTMLElement>(`[name="${open[0]}"]`)?.focus();
    else onSend(typed);
  }

  return (
    <form ref={form} className={css.form} onSubmit={go} aria-label={deed.label} noValidate>
      {deed.fields.map((field) => (
        <One key={field.name} field={field} lists={lists} value={typed[field.name] ?? ""} onType={(value) => setTyped((now) => ({ ...now, [field.name]: value }))} wrong={looked && open.includes(field.name) ? say("needed") : null} photos={[]} onPhotos={() => undefined} />
      ))}
      <div className={css.line}>
        <Button type="submit" tone="loud" disabled={busy}>
          {say("doMany", { deed: deed.label, count })}
        </Button>
        <Button onClick={onClose}>{say("cancel")}</Button>
      </div>
    </form>
  );
}
