/** Writing an entry: kept on the device at every change; a refusal stands beside what it is about. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useMe } from "@/api/session";
import { useOwnDraft } from "@/offline";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { type Draft, type Entry, shownOf, useAreas, useNames, useWrite } from "./api";
import css from "./knowledge.module.css";
import { knowledge as room } from "./words";

const YEAR_MS = 365 * 24 * 3600 * 1000;

export function Editor({ entry, onDone }: { entry?: Entry; onDone: (id: string) => void }) {
  const say = room.use();
  const { words } = useSaid();
  const { me } = useMe();
  const { classes, units, classOf } = useNames();
  const { areas, areaOf } = useAreas();
  const was = entry && shownOf(entry);
  const [begin] = useState<Draft>(() => ({
    title: was?.title ?? "",
    text: was?.text ?? "",
    owner: was?.owner ?? me?.seats[0]?.unit ?? "",
    valid_until: was?.valid_until ?? new Date(Date.now() + YEAR_MS).toISOString().slice(0, 10),
    classes: was?.classes ?? [],
    areas: was?.areas ?? [],
    public: was?.is_public ?? true,
  }));
  const [key] = useState(`knowledge/${entry ? `${entry.id}/${entry.newest}` : "new"}`); // also once somebody else has revised it
  const draft = useOwnDraft<Draft>(key, begin);
  const write = useWrite(entry);
  const now = draft.value;
  return (
    <form
      className={css.editor}
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate(now, {
          onSuccess: (found) => {
            draft.clear();
            onDone(found.id);
          },
        });
      }}
    >
      <h2>{say(entry ? "editOld" : "editNew")}</h2>
      <Field label={say("entryTitle")} required maxLength={120} value={now.title} onChange={(event) => draft.change({ title: event.target.value })} />
      <TextArea label={say("text")} hint={say("textHint")} required rows={9} maxLength={8000} value={now.text} onChange={(event) => draft.change({ text: event.target.value })} />
      <div className={css.two}>
        <Select label={say("owner")} required empty="—" value={now.owner} choices={units} onChange={(event) => draft.change({ owner: event.target.value })} />
        <Field label={say("lastDay")} type="date" required value={now.valid_until} onChange={(event) => draft.change({ valid_until: event.target.value })} />
      </div>
      <Picked label={say("classes")} empty={say("noClass")} choices={classes} nameOf={classOf} chosen={now.classes} onChange={(kept) => draft.change({ classes: kept })} />
      <Picked label={say("areas")} empty={say("allAreas")} choices={areas} nameOf={areaOf} chosen={now.areas} onChange={(kept) => draft.change({ areas: kept })} />
      <label className={css.check}>
        <input type="checkbox" checked={now.public} onChange={(event) => draft.change({ public: event.target.checked })} /> {say("isPublic")}
      </label>
      {write.error && <Notice tone="wrong">{told(write.error, words)}</Notice>}
      <div className={css.deeds}>
        <Button type="submit" tone="loud" disabled={write.isPending}>
          {say("save")}
        </Button>
        <Button onClick={() => onDone(entry?.id ?? "")}>{say("cancel")}</Button>
        <span className={css.quiet}>{say("kept")}</span>
      </div>
    </form>
  );
}

interface PickedProps {
  label: string;
  empty: string; // what it means to choose none
  choices: readonly [string, string][];
  nameOf: (key: string) => string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Some of many: one is added at a time, each can be taken out again. */
function Picked({ label, empty, choices, nameOf, chosen, onChange }: PickedProps) {
  const say = room.use();
  const [next, choose] = useState("");
  return (
    <>
      <div className={css.pick}>
        <Select label={label} empty={empty} value={next} choices={choices.filter(([key]) => !chosen.includes(key))} onChange={(event) => choose(event.target.value)} />
        <Button
          why={next ? null : empty}
          aria-label={`${say("add")} ${label}`}
          onClick={() => {
            onChange([...chosen, next]);
            choose("");
          }}
        >
          {say("add")}
        </Button>
      </div>
      {chosen.length > 0 && (
        <ul className={css.chips}>
          {chosen.map((key) => (
            <li key={key}>
              {nameOf(key)}{" "}
              <button type="button" aria-label={say("remove", { name: nameOf(key) })} onClick={() => onChange(chosen.filter((each) => each !== key))}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
