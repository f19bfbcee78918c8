/** A reply to who reported it: drafted, and what it lacks beside the field. It is told; a person decides. */
import { route } from "@/lib/paths";
import { useEffect, useState } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import type { components } from "@/api/schema";
import { may, useMe } from "@/api/session";
import { Button, Notice, Select, TextArea } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import css from "./console.module.css";
import { room } from "./words";

type Checked = components["schemas"]["ReplyChecked"];
type Drafted = components["schemas"]["ReplyDrafted"];
const KINDS = ["result", "explain", "thanks", "sorry"] as const;
const PAUSE_MS = 500; // after the last key

/** The field, for who may reply. */
export function Reply({ report }: { report: string }) {
  const say = room.use();
  const { me } = useMe();
  const [open, setOpen] = useState(false);
  if (!may(me, "case.call_back")) return null;
  return (
    <details className={css.reply} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("reply")}</summary>
      {open && <Writing report={report} />}
    </details>
  );
}

function Writing({ report }: { report: string }) {
  const say = room.use();
  const { words } = useSaid();
  const lang = (useLanguage().split("+")[0] ?? "zh") as string;
  const [kind, setKind] = useState<string>("result");
  const [text, setText] = useState("");
  const path = route`/v1/reports/${report}/replies`;
  const settled = useSettled(text);
  const draft = useMutation({
    mutationFn: () => send<Drafted>("GET", `${path}/draft?kind=${kind}&lang=${encodeURIComponent(lang)}`),
    onSuccess: (found) => setText(found.text),
  });
  const checked = useQuery({
    queryKey: ["reply", report, kind, settled, lang],
    queryFn: () => send<Checked>("POST", `${path}/check?lang=${encodeURIComponent(lang)}`, { kind, text: settled }),
    enabled: settled.trim() !== "",
  });
  const sent = useMutation({ mutationFn: () => send("POST", path, { kind, text }, { key: crypto.randomUUID() }), onSuccess: () => setText("") });
  const lacks = settled.trim() === "" ? [] : (checked.data?.lacks ?? []);
  return (
    <div className={css.writing}>
      <Select label={say("replyKind")} value={kind} choices={KINDS.map((each) => [each, say(`replyKind_${each}`)] as const)} onChange={(event) => setKind(event.target.value)} />
      <TextArea label={say("replyText")} rows={6} value={text} onChange={(event) => setText(event.target.value)} />
      <div role="status" aria-live="polite">
        {lacks.length > 0 && (
          <>
            <p className={css.quiet}>{say("replyLacks")}</p>
            <ul className={css.plainlist}>
              {lacks.map((each) => (
                <li key={each.code}>
                  {each.words} {each.stops && <b className={css.warn}>{say("replyStops")}</b>}
                </li>
              ))}
            </ul>
          </>
        )}
        {checked.data && settled.trim() !== "" && lacks.length === 0 && <p className={css.quiet}>✓ {say("replyWhole")}</p>}
        {sent.isSuccess && text === "" && <Notice tone="good">{say("replySent")}</Notice>}
      </div>
      {(draft.error ?? sent.error) && <Notice tone="wrong">{told(draft.error ?? sent.error, words)}</Notice>}
      <div className={css.row}>
        <Button onClick={() => draft.mutate()}>{say("replyDraft")}</Button>
        <Button tone="loud" why={text.trim() ? null : say("replyText")} onClick={() => sent.mutate()}>
          {say("replySend")}
        </Button>
      </div>
    </div>
  );
}

/** What was typed, once the hand rests. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const later = setTimeout(() => settle(text), PAUSE_MS);
    return () => clearTimeout(later);
  }, [text]);
  return settled;
}
