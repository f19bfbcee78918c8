/** What becomes of it at once: received with its code, or kept until there is a network. */
import { route } from "@/lib/paths";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { Button, Notice } from "@/ui/ui";
import { grouped } from "../follow";
import { useMine } from "../mine";
import css from "../resident.module.css";
import { Waiting } from "../Waiting";
import { resident } from "../words";

const SOON_MS = 2_500;

export function Sent({ id, onForm }: { id: string; onForm: () => void }) {
  const say = resident.use();
  const { mine } = useMine();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SOON_MS);
    return () => clearTimeout(timer);
  }, []);
  const arrived = mine.find((each) => each.id === id);
  return (
    <>
      <div role="status" className={css.stack}>
        {arrived ? (
          <Notice tone="good">
            <h1>{say("sent")}</h1>
            <p className={css.code}>{grouped(arrived.code)}</p>
            <p>{say("sentDo")}</p>
          </Notice>
        ) : (
          <h1>{late ? say("queued") : say("sending")}</h1>
        )}
      </div>
      {!arrived && late && <Waiting onForm={onForm} />}
      <div className={css.stack}>
        {arrived && (
          <Link href={route`/mine/${arrived.code}`} className={css.loudLink}>
            {say("follow")}
          </Link>
        )}
        {arrived && <Link href={route`/mine/${arrived.code}/receipt`}>{say("receipt")}</Link>}
        <Button onClick={onForm}>{say("another")}</Button>
        <Link href="/" className={css.centred}>
          {say("back")}
        </Link>
      </div>
    </>
  );
}
