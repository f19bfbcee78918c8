/** What was found at a point: a count for each thing, photos, words; kept on the phone until there is a network. */
import { cityNow } from "@/lib/clock";
import { route } from "@/lib/paths";
import { useEffect, useState } from "react";
import { useCode } from "@/api/codes";
import { enqueue, type Part, StorageFull, useDraft } from "@/offline";
import { Button, Notice, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import type { PointView } from "./data";
import { type Picture, picturesOf } from "./form";
import { metres, type Spot } from "./near";
import { GettingReady, PhotoField } from "./PhotoField";
import { useRoom } from "./room";
import css from "./work.module.css";
import { work } from "./words";

const MISSED = ["shut", "gone", "unsafe", "building"];
const PHOTOS_MOST = 9;

interface Filled {
  found: Record<string, number>;
  missed: string;
  note: string;
  photos: Picture[];
}

export function VisitForm({ point, onClose }: { point: PointView; onClose: () => void }) {
  const say = work.use();
  const code = useCode();
  const language = useLanguage();
  const { account, place } = useRoom();
  const key = `work.${account}.visit.${point.id}`;
  const draft = useDraft<Filled>(key, { found: {}, missed: "", note: "", photos: [] });
  const [wrong, setWrong] = useState<string | null>(null);
  const { value } = draft;
  const { locate } = place;
  useEffect(() => locate(), [locate]);
  const far = place.here ? Math.round(metres(point, place.here)) : null;
  const title = `${named(point.kind_name, language)} · ${named(point.place_name, language)}`;

  const submit = async () => {
    const lacks = value.photos.length < point.photos_min ? say("visitPhotos", { n: point.photos_min }) : null;
    setWrong(lacks);
    if (lacks) return;
    try {
      const form = partsOf(value, place.here, new Date(cityNow()));
      await enqueue(
        { kind: "visit", title: `${say("visit")} · ${title}`, account, etag: `"${point.no}"`, chain: `survey_point/${point.id}`, path: route`/v1/survey/points/${point.id}/visit`, body: { form } },
        key,
        value,
      );
      onClose();
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      setWrong(say("full"));
    }
  };
  const count = (item: string, by: number) => draft.change({ found: { ...value.found, [item]: Math.max(0, (value.found[item] ?? 0) + by) } });

  return (
    <form
      className={css.sheet}
      aria-label={say("visit")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!draft.busy) void submit();
      }}
    >
      <header>
        <h1>{title}</h1>
        <p className={css.quiet}>{far === null ? say(place.state === "denied" ? "visitNoPlace" : "locating") : say("visitFar", { m: far })}</p>
      </header>
      <PhotoField label={say("photos")} value={value.photos} most={PHOTOS_MOST} onChange={(how) => draft.step("photos", how)} />
      {!value.missed && (
        <ul className={css.counts} aria-label={say("visitFound")}>
          {point.items.map((item) => (
            <li key={item.code}>
              <span>{named(item.name, language)}</span>
              <Button aria-label={`− ${named(item.name, language)}`} why={value.found[item.code] ? null : say("visitNone")} onClick={() => count(item.code, -1)}>
                −
              </Button>
              <output aria-live="polite">{value.found[item.code] ?? 0}</output>
              <Button aria-label={`＋ ${named(item.name, language)}`} onClick={() => count(item.code, 1)}>
                ＋
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Select
        label={say("visitMissed") + say("optional")}
        value={value.missed}
        empty={say("visitNotMissed")}
        choices={MISSED.map((each) => [each, code(`survey.missed.${each}`)] as const)}
        onChange={(event) => draft.change({ missed: event.target.value })}
      />
      <TextArea label={say("describe") + say("optional")} value={value.note} onChange={(event) => draft.change({ note: event.target.value })} />
      {(wrong || draft.full) && <Notice tone="wrong">{wrong ?? say("full")}</Notice>}
      <GettingReady is={draft.busy} />
      <div className={css.foot}>
        <Button onClick={onClose}>{say("cancel")}</Button>
        <Button tone="loud" type="submit" why={draft.busy ? say("gettingReady") : null}>
          {say("visitSend")}
        </Button>
      </div>
    </form>
  );
}

/** The visit as it is sent: what was found, or why it was not possible, where the phone is and when. */
export function partsOf(value: Filled, here: Spot | null, now: Date): Part[] {
  const found = value.missed ? {} : Object.fromEntries(Object.entries(value.found).filter(([, times]) => times > 0));
  const parts: Part[] = [
    { name: "found", value: JSON.stringify(found) },
    { name: "at", value: now.toISOString() },
  ];
  if (value.missed) parts.push({ name: "missed", value: value.missed });
  if (value.note.trim()) parts.push({ name: "note", value: value.note.trim() });
  if (here) parts.push({ name: "lon", value: String(here.lon) }, { name: "lat", value: String(here.lat) });
  return [...parts, ...picturesOf("photos", value.photos)];
}
