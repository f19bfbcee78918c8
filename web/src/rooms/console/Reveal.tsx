/** What a report says word for word, and who sent it: asked for with a reason, noted, and shown as long as the case is looked at. */
import { callOf } from "@/lib/paths";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { type Revealed, useReveal } from "@/api/reveal";
import { Button, Notice, Select } from "@/ui/ui";
import css from "./console.module.css";
import { room } from "./words";

const REASON = "reveal.reason.";

export function Reveal({ report, caseId }: { report: string; caseId: string }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const reveal = useReveal(() => void client.invalidateQueries({ queryKey: ["case", caseId] }));
  if (reveal.data) return <Whole revealed={reveal.data} reason={code(`${REASON}${reveal.variables.reason}`)} />;
  if (!asking)
    return (
      <p>
        <Button onClick={() => setAsking(true)}>{say("reveal")}</Button>
      </p>
    );
  const reasons = Object.keys(words).filter((each) => each.startsWith(REASON) && !each.endsWith(".do"));
  return (
    <form className={css.form} aria-label={say("reveal")} onSubmit={(event) => (event.preventDefault(), reveal.mutate({ report, reason }))}>
      <p>{say("revealNoted")}</p>
      <Select label={say("revealWhy")} required value={reason} empty={say("chooseOne")} choices={reasons.map((each) => [each.slice(REASON.length), code(each)] as const)} onChange={(event) => setReason(event.target.value)} />
      {reveal.error && <Notice tone="wrong">{told(reveal.error, words)}</Notice>}
      <div className={css.line}>
        <Button type="submit" tone="loud" disabled={reveal.isPending}>
          {say("revealIt")}
        </Button>
        <Button onClick={() => setAsking(false)}>{say("cancel")}</Button>
      </div>
    </form>
  );
}

function Whole({ revealed, reason }: { revealed: Revealed; reason: string }) {
  const say = room.use();
  const { name, phone, ...others } = revealed.contact;
  return (
    <div className={css.revealed} role="status">
      <p className={css.warn}>{say("revealed", { reason })}</p>
      {(name || phone) && (
        <p>
          <b>{name}</b> {phone && <a href={callOf(phone)}>{phone}</a>} {Object.values(others).join(" ")}
        </p>
      )}
      {revealed.text && <blockquote>{revealed.text}</blockquote>}
      {revealed.address && <p>{revealed.address}</p>}
    </div>
  );
}
