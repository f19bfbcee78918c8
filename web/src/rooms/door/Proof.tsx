/** Asks once more who sits here, then goes on with what was meant: before exports, reveals and rights. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { askProofBy, send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useMe } from "@/api/session";
import { Button, Field, Notice } from "@/ui/ui";
import { CodeField } from "./SignIn";
import css from "./door.module.css";
import { door } from "./words";

export function ProofDialog() {
  const say = door.use();
  const { words } = useSaid();
  const { me } = useMe();
  const box = useRef<HTMLDialogElement>(null);
  const answer = useRef<((given: boolean) => void) | null>(null);
  const [asked, setAsked] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  useEffect(() => {
    askProofBy(
      () =>
        new Promise((done) => {
          answer.current = done;
          setWrong(null);
          setAsked(true);
        }),
    );
    return () => askProofBy(null);
  }, []);
  useEffect(() => {
    if (asked) box.current?.showModal();
  }, [asked]);

  function close(given: boolean) {
    answer.current?.(given);
    answer.current = null;
    setAsked(false);
  }

  async function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await send("POST", "/v1/me/proof", { password: form.get("password"), code: form.get("code") });
      close(true);
    } catch (error) {
      setWrong(told(error, words));
    }
  }

  if (!asked) return null;
  return (
    <dialog ref={box} className={css.over} aria-label={say("proof")} onClose={() => close(false)}>
      <form className={css.box} onSubmit={go}>
        <h1>{say("proof")}</h1>
        <p>{say("proofSay")}</p>
        {me?.proof_by === "code" ? <CodeField /> : <Field label={say("password")} name="password" type="password" autoComplete="current-password" required />}
        {wrong && <Notice tone="wrong">{wrong}</Notice>}
        <div className={css.two}>
          <Button type="submit" tone="loud">
            {say("goOn")}
          </Button>
          <Button onClick={() => close(false)}>{say("notNow")}</Button>
        </div>
      </form>
    </dialog>
  );
}
