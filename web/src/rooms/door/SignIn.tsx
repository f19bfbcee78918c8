/** Coming in: by itself, or over a page whose session ended, so that nothing typed is lost. */
import { type FormEvent, useState } from "react";
import { send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { ME, useSession } from "@/api/session";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Field, Notice } from "@/ui/ui";
import css from "./door.module.css";
import { door } from "./words";

/** The form alone. */
export function SignInForm({ onDone, title }: { onDone?: () => void; title?: string }) {
  const say = door.use();
  const { words } = useSaid();
  const { enter } = useSession();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [second, setSecond] = useState(false);

  async function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await enter(String(form.get("name")), String(form.get("password")), String(form.get("code") ?? ""));
      onDone?.();
    } catch (error) {
      const first = error instanceof Refusal && error.code === "people.needs_code" && !second;
      if (first) setSecond(true);
      setWrong(first ? null : told(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={css.box} onSubmit={go}>
      <h1>{title ?? say("title")}</h1>
      <Field label={say("name")} name="name" autoComplete="username" required autoCapitalize="none" />
      <Field label={say("password")} name="password" type="password" autoComplete="current-password" required />
      {second && <CodeField />}
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
      <Button type="submit" tone="loud" disabled={busy}>
        {busy ? say("wait") : say("enter")}
      </Button>
      <a href="/">{say("resident")}</a>
    </form>
  );
}

/** The code of the second factor, where it is asked for. */
export function CodeField() {
  const say = door.use();
  return <Field label={say("code")} hint={say("codeHint")} name="code" autoComplete="one-time-code" autoCapitalize="characters" required />;
}

/** The whole page. */
export function SignInPage() {
  const { words } = useSaid();
  return (
    <main className={css.page}>
      <p className={css.city}>{words["city.title"] ?? " "}</p>
      <SignInForm />
    </main>
  );
}

/** A new password, before anything else may be done. */
export function NewPassword({ old = false }: { old?: boolean }) {
  const say = door.use();
  const { words } = useSaid();
  const client = useQueryClient();
  const [wrong, setWrong] = useState<string | null>(null);

  async function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await send("PUT", "/v1/me/password", { old: form.get("old"), new: form.get("new") });
      await client.invalidateQueries({ queryKey: ME });
    } catch (error) {
      setWrong(told(error, words));
    }
  }

  return (
    <main className={css.page}>
      <form className={css.box} onSubmit={go}>
        <h1>{say("change")}</h1>
        <p>{say(old ? "oldPassword" : "mustChange")}</p>
        <Field label={say("old")} name="old" type="password" autoComplete="current-password" required />
        <Field label={say("fresh")} name="new" type="password" autoComplete="new-password" required />
        {wrong && <Notice tone="wrong">{wrong}</Notice>}
        <Button type="submit" tone="loud">
          {say("change")}
        </Button>
      </form>
    </main>
  );
}
