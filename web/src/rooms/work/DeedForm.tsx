/** The form of any deed, as the server describes it: kept while it is filled in, put into the outbox when it is done. */
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { enqueue, type Later, sendLater, type Step, StorageFull, useDraft } from "@/offline";
import { Button, Notice } from "@/ui/ui";
import type { DeedView, WorkItem } from "./data";
import { FormField } from "./FormField";
import { blank, bodyOf, type Filled, missing, proves, type Value } from "./form";
import { GettingReady } from "./PhotoField";
import css from "./work.module.css";
import { work } from "./words";

interface Given {
  deed: DeedView;
  item: WorkItem;
  account: string;
  offset: string;
  photosMax: number;
  onClose: (sent: boolean) => void;
}

export function DeedForm({ deed, item, account, offset, photosMax, onClose }: Given) {
  const say = work.use();
  const client = useQueryClient();
  const empty = useMemo(() => blank(deed), [deed]);
  const key = `work.${account}.${item.id}.${deed.name}`;
  const draft = useDraft<Filled>(key, empty);
  const [tried, setTried] = useState(false);
  const [full, setFull] = useState(false);
  const lacks = tried ? missing(deed, draft.value) : [];

  const send = async (filled: Filled) => {
    setTried(true);
    if (draft.busy || missing(deed, filled).length > 0) return;
    try {
      await enqueue(
        {
          kind: "work", title: `${deed.label} · ${item.title}`, method: deed.method, path: deed.path, account,
          body: bodyOf(deed, filled, offset), etag: `"${item.no}"`, chain: `case/${item.id}`,
        }, // prettier-ignore
        key,
        filled,
      );
      void sendLater();
      void client.invalidateQueries({ queryKey: ["work", "next"] });
      onClose(true);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      setFull(true);
    }
  };

  const answer = deed.fields.find((field) => field.takes === "answer");
  return (
    <form
      className={css.sheet}
      aria-label={deed.label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(draft.value);
      }}
    >
      <header>
        <h1>{deed.label}</h1>
        <p className={css.quiet}>
          {item.title} · {item.place}
        </p>
      </header>
      {deed.name === "finish" && item.photos.length > 0 && (
        <figure className={css.photos}>
          <figcaption>{say("before")}</figcaption>
          {item.photos.map((photo, n) => (
            <img key={photo.thumb} src={photo.thumb} alt={`${say("before")} ${n + 1}`} />
          ))}
        </figure>
      )}
      {item.condition && (deed.name === "finish" || deed.name === "inspect") && (
        <Notice>
          <b>{say("condition")}</b>：{item.condition}
        </Notice>
      )}
      {deed.hint && <p className={css.quiet}>{deed.hint}</p>}
      {deed.fields
        .filter((field) => field !== answer)
        .map((field) => (
          <FormField
            key={field.name}
            field={field}
            value={draft.value[field.name] ?? ""}
            photosMax={photosMax}
            plain={proves(deed)}
            wrong={lacks.includes(field.name) ? say("needed", { what: field.label }) : null}
            onChange={(value) => draft.change({ [field.name]: value })}
            onPhotos={(how) => draft.step(field.name, how as Later<Step<Value>>)}
          />
        ))}
      {lacks.includes("proof") && <Notice tone="wrong">{say("proof")}</Notice>}
      {(full || draft.full) && <Notice tone="wrong">{say("full")}</Notice>}
      <GettingReady is={draft.busy} />
      <div className={css.foot}>
        <Button onClick={() => onClose(false)}>{say("cancel")}</Button>
        {answer ? (
          (answer.choices ?? []).map((choice) => (
            <Button
              key={choice.value}
              tone={choice.value === "true" ? "loud" : "danger"}
              why={draft.busy ? say("gettingReady") : null}
              onClick={() => void send({ ...draft.value, [answer.name]: choice.value })}
            >
              {choice.words}
            </Button>
          ))
        ) : (
          <Button tone="loud" type="submit" why={draft.busy ? say("gettingReady") : null}>
            {deed.label}
          </Button>
        )}
      </div>
    </form>
  );
}
