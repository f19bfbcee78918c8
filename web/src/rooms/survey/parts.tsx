/** Small parts that several panes of the room share. */
import { useState } from "react";
import { useCode } from "@/api/codes";
import { Button, Select } from "@/ui/ui";
import css from "./survey.module.css";
import { survey as room } from "./words";

const REASONS = ["unproved", "implausible", "incomplete", "wrong_place", "unclear_photo"];

/** Photos as small pictures; each opens whole. */
export function Shown({ photos }: { photos: readonly { shown: string; thumb: string }[] }) {
  const say = room.use();
  if (photos.length === 0) return null;
  return (
    <p className={css.photos}>
      {photos.map((photo, place) => (
        <a key={photo.shown} href={photo.shown} target="_blank" rel="noreferrer">
          <img src={photo.thumb} alt={say("photo", { n: place + 1 })} loading="lazy" />
        </a>
      ))}
    </p>
  );
}

/** Why something is sent back: chosen first, then pressed. */
export function Returning({ onReturn }: { onReturn: (reason: string) => void }) {
  const say = room.use();
  const code = useCode();
  const [reason, setReason] = useState("");
  return (
    <span className={css.returning}>
      <Select label={say("reason")} empty="—" value={reason} choices={REASONS.map((each) => [each, code(`survey.return.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
      <Button why={reason ? null : say("reason")} onClick={() => onReturn(reason)}>
        {say("return")}
      </Button>
    </span>
  );
}
