/** What stands before a staff page: who are you, may you, and a cover while a session has ended in the middle of work. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useMe, may } from "@/api/session";
import { Empty, Opening } from "@/ui/ui";
import css from "./door.module.css";
import { NewDevice } from "./NewDevice";
import { ProofDialog } from "./Proof";
import { SecondPage } from "./Second";
import { NewPassword, SignInForm, SignInPage } from "./SignIn";
import { door } from "./words";

/** Children for whoever is signed in and has one of the permissions (none asked for: anybody signed in). */
export function Gate({ needs = [], children }: { needs?: readonly string[]; children: ReactNode }) {
  const say = door.use();
  const { me, known } = useMe();
  const [wasIn, setWasIn] = useState(false);
  if (me && !wasIn) setWasIn(true);
  if (!known) return <Opening says={say("loading")} />;
  if (!me && !wasIn) return <SignInPage />;
  if (me?.must_change_password) return <NewPassword old={me.owes === "old_password"} />;
  if (me?.owes === "second") return <SecondPage />;
  if (me && needs.length > 0 && !needs.some((each) => may(me, each)))
    return (
      <main>
        <Empty>
          <h1>{say("denied")}</h1>
          <p>{say("deniedDo")}</p>
        </Empty>
      </main>
    );
  return (
    <>
      {children}
      {me && <NewDevice />}
      <ProofDialog />
      {!me && <Cover />}
    </>
  );
}

/** The session ended: the page stays as it is beneath, with all that was typed. */
function Cover() {
  const say = door.use();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} className={css.over} aria-label={say("again")} onCancel={(event) => event.preventDefault()}>
      <SignInForm title={say("again")} />
    </dialog>
  );
}
