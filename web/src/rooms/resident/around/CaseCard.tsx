/** A case as strangers see it: what, how far, how it stands; and "me too", once for each phone. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useCode } from "@/api/codes";
import { enqueue, sendLater, useOutbox } from "@/offline";
import { moment } from "@/lib/dates";
import { Button, Lamp } from "@/ui/ui";
import { type CaseNearby, useCatalogue } from "../data";
import { lampOf } from "../follow";
import { deviceWord, ME_TOO, useMine } from "../mine";
import { useNow } from "../now";
import css from "../resident.module.css";
import { resident } from "../words";
import { PhotoPair } from "./PhotoPair";

/** `heading`: one below that of its list. */
export function CaseCard({ of, joins = false, heading: Heading = "h3" }: { of: CaseNearby; joins?: boolean; heading?: "h2" | "h3" }) {
  const say = resident.use();
  const code = useCode();
  const { kind, unit } = useCatalogue();
  const title = kind(of.class_key) || of.number;
  const now = useNow();
  const lamp = lampOf(of.opened_at, of.due_at, now);
  const standing = code(`track.${of.state}`);
  return (
    <li id={of.id} className={css.card}>
      <div className={css.cardHead}>
        {!of.closed_at && <Lamp colour={lamp} says={standing} />}
        <Heading className={css.cardTitle}>{title}</Heading>
        <span className={css.end}>{say("away", { m: of.distance_m })}</span>
      </div>
      <p>{standing}</p>
      {of.text && <p>{of.text}</p>}
      <PhotoPair photos={of.photos ?? []} />
      <p className={css.quiet}>
        {of.closed_at ? `${say("closedAt", { at: moment(of.closed_at) })} · ${of.on_time ? say("inTime") : say("late")}` : say("since", { at: moment(of.opened_at) })}
        {" · "}
        {say("reports", { count: of.reports })}
        {of.unit && ` · ${unit(of.unit)}`}
      </p>
      {joins && <MeToo case_id={of.id} title={title} />}
    </li>
  );
}

function MeToo({ case_id, title }: { case_id: string; title: string }) {
  const say = resident.use();
  const queued = useOutbox(ME_TOO);
  const { mine } = useMine();
  const [pressed, setPressed] = useState(false);
  const key = `me-too/${case_id}`;
  const done = pressed || [...queued, ...mine].some((each) => each.id === key);
  const join = async () => {
    setPressed(true);
    try {
      await enqueue({ id: key, kind: ME_TOO, title, path: route`/v1/cases/${case_id}/me-too`, body: { json: { device: await deviceWord() } } });
      void sendLater();
    } catch {
      setPressed(false);
    }
  };
  const anew = mine.some((each) => each.id === key && each.anew);
  if (done) return <p role="status">✓ {say(anew ? "meTooAnew" : "meTooDone")}</p>;
  return (
    <Button onClick={() => void join()}>
      {say("meToo")}
      <span className="unseen">: {title}</span>
    </Button>
  );
}
