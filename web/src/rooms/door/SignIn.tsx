/** Coming in: by itself, or over a page whose session ended, so that nothing typed is lost. */
import { route } from "@/lib/paths";
import { type FormEvent, useState } from "react";
import { api, data, send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { Refusal, told } from "@/api/errors";
import { ME, useSession } from "@/api/session";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, ButtonLink, Field, Notice } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import css from "./door.module.css";
import { door } from "./words";

/** The form alone. */
export function SignInForm({ onDone, title }: { onDone?: () => void; title?: string }) {
  const say = door.use();
  const { words } = useSaid();
  const { enter } = useSession();
  const [busy, setBusy] = useState(false);
  const refused = useRefused();
  const [wrong, setWrong] = useState<string | null>(refused ? said(refused, words) : null);
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
      <Providers />
      <a href="/">{say("resident")}</a>
    </form>
  );
}

/** What a provider's visit came to, as the address says it. */
const useRefused = () => new URLSearchParams(location.search).get("refused");
const said = (code: string, words: Record<string, string>) => told(new Refusal({ status: 401, code }), words);

/** By whom one may come in, too. */
function Providers() {
  const say = door.use();
  const language = useLanguage();
  const found = useQuery({ queryKey: ["providers"], queryFn: () => data(api.GET("/v1/sign-in/providers")), staleTime: Infinity });
  if (!found.data?.length) return null;
  const back = location.pathname + location.search.replace(/[?&]refused=[^&]*/, "");
  return (
    <div className={css.providers}>
      <span>{say("orBy")}</span>
      {found.data.map((each) => (
        <ButtonLink key={each.id} href={route`/v1/sign-in/${each.id}?back=${back}`}>
          {named(each.name, language)}
        </ButtonLink>
      ))}
      <HalfStep />
    </div>
  );
}

/** The code that is still owed by whom a provider let in. */
function HalfStep() {
  const say = door.use();
  const client = useQueryClient();
  const { words } = useSaid();
  const [code, type] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  if (!new URLSearchParams(location.search).has("code_owed")) return null;
  async function go() {
    try {
      await send("POST", "/v1/sessions/second", { code });
      await client.invalidateQueries();
    } catch (error) {
      setWrong(told(error, words));
    }
  }
  return (
    <>
      <Field label={say("code")} hint={say("codeHint")} autoComplete="one-time-code" value={code} onChange={(event) => type(event.target.value)} />
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
      <Button tone="loud" onClick={() => void go()}>
        {say("goOn")}
      </Button>
    </>
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
