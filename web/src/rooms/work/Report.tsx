/** What one sees on the way: reported, or put right on the spot with a photo before and one after. */
import { useState } from "react";
import { useLocation } from "wouter";
import { cityNow } from "@/lib/clock";
import { enqueue, type Part, sendLater, StorageFull, useDraft } from "@/offline";
import { Button, Notice, Select, TextArea } from "@/ui/ui";
import { useLists } from "./data";
import { type Picture, picturesOf } from "./form";
import { GettingReady, PhotoField } from "./PhotoField";
import { PlaceField } from "./PlaceField";
import { mayI, useRoom } from "./room";
import { Scan } from "./Scan";
import css from "./work.module.css";
import { work } from "./words";

interface Seen {
  how: "report" | "clear";
  kind: string;
  text: string;
  lon: number | null;
  lat: number | null;
  error_m: number | null;
  component: string;
  before: Picture[];
  after: Picture[];
  at: string;
}
const NOTHING: Seen = { how: "report", kind: "", text: "", lon: null, lat: null, error_m: null, component: "", before: [], after: [], at: "" };

export function Report() {
  const say = work.use();
  const [, go] = useLocation();
  const { screen, account } = useRoom();
  const draft = useDraft<Seen>(`work.${account}.report`, NOTHING);
  const lists = useLists().data;
  const [wrong, setWrong] = useState<string | null>(null);
  const seen = draft.value;
  const clears = mayI(screen, "case.self_handle") && (screen?.self_handle.length ?? 0) > 0;
  const kinds = seen.how === "clear" ? (screen?.self_handle ?? []).map((each) => [each.key, each.words] as const) : (lists?.classes ?? []).map((each) => [each.value, each.words] as const);
  const most = screen?.photos_max ?? 9;

  const send = async () => {
    const lacks = missing(seen, say);
    setWrong(lacks);
    if (lacks || draft.busy || seen.lon === null || seen.lat === null) return;
    const title = `${say(seen.how === "clear" ? "cleared" : "reported")} · ${kinds.find(([key]) => key === seen.kind)?.[1] ?? seen.text.slice(0, 12)}`;
    const channel = mayI(screen, "case.verify") ? "collector" : "self_check";
    try {
      await enqueue(
        { kind: "report", title, path: seen.how === "clear" ? "/v1/self-handled" : "/v1/reports", account, body: { form: partsOf(seen, channel) } },
        `work.${account}.report`,
        seen,
      );
      draft.clear();
      void sendLater();
      go("/work");
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      setWrong(say("full"));
    }
  };

  return (
    <form
      className={css.sheet}
      aria-label={say("report")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1>{say("report")}</h1>
      {clears && (
        <div className={css.tools} role="group" aria-label={say("how")}>
          {(["report", "clear"] as const).map((how) => (
            <Button key={how} aria-pressed={seen.how === how} onClick={() => draft.change({ how, kind: "" })}>
              {say(how === "clear" ? "clearKind" : "reportKind")}
            </Button>
          ))}
        </div>
      )}
      <PhotoField
        label={say(seen.how === "clear" ? "beforePhotos" : "photos")}
        value={seen.before}
        most={most}
        onChange={(how) => {
          draft.step("before", how);
          draft.change((now) => (now.at ? {} : { at: new Date(cityNow()).toISOString() }));
        }}
      />
      {seen.how === "clear" && <PhotoField label={say("afterPhotos")} value={seen.after} most={most} onChange={(how) => draft.step("after", how)} />}
      <Select label={say("what")} value={seen.kind} empty={say("choose")} choices={kinds} onChange={(event) => draft.change({ kind: event.target.value })} />
      <TextArea label={say("describe") + say("optional")} value={seen.text} maxLength={screen?.text_chars_max} onChange={(event) => draft.change({ text: event.target.value })} />
      <PlaceField
        value={seen.lon !== null && seen.lat !== null ? { lon: seen.lon, lat: seen.lat, error_m: seen.error_m ?? 0 } : null}
        says={seen.component ? say("placeOf", { code: seen.component }) : undefined}
        onChange={(spot) => draft.change({ ...spot, component: "" })}
      />
      <Scan
        onThing={(thing) =>
          draft.change({ lon: thing.lon, lat: thing.lat, error_m: 0, component: thing.component, kind: seen.how === "report" ? thing.class_key : seen.kind })
        }
      />
      {(wrong || draft.full) && <Notice tone="wrong">{wrong ?? say("full")}</Notice>}
      <GettingReady is={draft.busy} />
      <div className={css.foot}>
        <Button tone="loud" type="submit" why={draft.busy ? say("gettingReady") : null}>
          {say(seen.how === "clear" ? "cleared" : "reported")}
        </Button>
      </div>
    </form>
  );
}

function missing(seen: Seen, say: ReturnType<typeof work.use>): string | null {
  if (seen.how === "clear" && (seen.before.length === 0 || seen.after.length === 0)) return say("twoPhotos");
  if (seen.how === "clear" && !seen.kind) return say("needed", { what: say("what") });
  if (!seen.kind && !seen.text.trim() && seen.before.length === 0) return say("needed", { what: say("what") });
  if (seen.lon === null) return say("placeNeeded");
  return null;
}

function partsOf(seen: Seen, channel: string): Part[] {
  const place: Part[] = [
    { name: "lon", value: String(seen.lon) },
    { name: "lat", value: String(seen.lat) },
  ];
  if (seen.text.trim()) place.push({ name: "text", value: seen.text.trim() });
  if (seen.how === "clear")
    return [...place, { name: "problem_class", value: seen.kind }, ...picturesOf("before", seen.before), ...picturesOf("after", seen.after)];
  if (seen.kind) place.push({ name: "class", value: seen.kind });
  if (seen.at) place.push({ name: "happened_at", value: seen.at });
  return [...place, { name: "channel", value: channel }, ...picturesOf("photos", seen.before)];
}
