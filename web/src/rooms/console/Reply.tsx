/** A reply to who reported it: drafted, and what it lacks beside the field. It is told; a person decides. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import type { components } from "@/api/schema";
import { may, useMe } from "@/api/session";
import { hasDraft, useDraft } from "@/lib/drafts";
import { useSettled } from "@/lib/settled";
import { Button, Notice, Select, TextArea } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import css from "./console.module.css";
import { room } from "./words";

type Checked = components["schemas"]["ReplyChecked"];
type Drafted = components["schemas"]["ReplyDrafted"];
const KINDS = ["result", "explain", "thanks", "sorry"] as const;
const PAUSE_MS = 500; // after the last key

const placeOf = (report: string) => `reply:${report}`;

/** The field, for who may reply. */
export function Reply({ report }: { report: string }) {
  const say = room.use();
  const { me } = useMe();
  const [open, setOpen] = useState(false);
  if (!may(me, "case.call_back")) return null;
  return (
    <details className={css.reply} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {say("reply")} {!open && hasDraft(placeOf(report)) && <i title={say("draft")}>✎</i>}
      </summary>
      {open && <Writing report={report} />}
    </details>
  );
}

function Writing({ report }: { report: string }) {
  const say = room.use();
  const { words } = useSaid();
  const lang = (useLanguage().split("+")[0] ?? "zh") as string;
  const typing = useDraft(placeOf(report), { kind: KINDS[0], text: "" });
  const { kind = "", text = "" } = typing.typed;
  const path = route`/v1/reports/${report}/replies`;
  const settled = useSettled(text, PAUSE_MS);
  const draft = useMutation({
    mutationFn: () => send<Drafted>("GET", `${path}/draft?kind=${kind}&lang=${encodeURIComponent(lang)}`),
    onSuccess: (found) => typing.type({ text: found.text }),
  });
  const checked = useQuery({
    queryKey: ["reply", report, kind, settled, lang],
    queryFn: () => send<Checked>("POST", `${path}/check?lang=${encodeURIComponent(lang)}`, { kind, text: settled }),
    enabled: settled.trim() !== "",
  });
  const sent = useMutation({ mutationFn: (key: string) => send("POST", path, { kind, text }, { key }), onSuccess: (_, key) => typing.done(key) });
  const lacks = settled.trim() === "" ? [] : (checked.data?.lacks ?? []);
  return (
    <div className={css.writing}>
      <Select label={say("replyKind")} value={kind} choices={KINDS.map((each) => [each, say(`replyKind_${each}`)] as const)} onChange={(event) => typing.type({ kind: event.target.value })} />
      <TextArea label={say("replyText")} rows={6} value={text} onChange={(event) => typing.type({ text: event.target.value })} />
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
        <Button disabled={draft.isPending} onClick={() => draft.mutate()}>{say("replyDraft")}</Button>
        <Button tone="loud" why={text.trim() ? null : say("replyText")} disabled={sent.isPending} onClick={() => sent.mutate(typing.key)}>
          {say("replySend")}
        </Button>
      </div>
    </div>
  );
}
