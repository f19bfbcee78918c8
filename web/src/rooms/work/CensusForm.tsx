/** The form of a change of the register: add, change, move, retire; with photos, kept without a network. */
import { useState } from "react";
import { useCode } from "@/api/codes";
import { enqueue, type Part, StorageFull, useDraft } from "@/offline";
import { Button, Notice, Select, TextArea } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type ComponentView, useLists } from "./data";
import { type Picture, picturesOf } from "./form";
import { GettingReady, PhotoField } from "./PhotoField";
import { PlaceField } from "./PlaceField";
import { useRoom } from "./room";
import css from "./work.module.css";
import { work } from "./words";

export interface Wanted {
  kind: "add" | "change" | "move" | "retire";
  component: ComponentView | null;
}
interface Filled {
  kind: string;
  owner: string;
  maintainer: string;
  state: string;
  note: string;
  lon: number | null;
  lat: number | null;
  error_m: number | null;
  photos: Picture[];
}
const STATES = ["intact", "damaged", "lost", "abandoned"];

export function CensusForm({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const say = work.use();
  const code = useCode();
  const language = useLanguage();
  const { account, screen } = useRoom();
  const lists = useLists().data;
  const known = wanted.component;
  const key = `work.${account}.census.${wanted.kind}.${known?.code ?? ""}`;
  const draft = useDraft<Filled>(key, {
    kind: "", owner: known?.owner ?? "", maintainer: known?.maintainer ?? "", state: known?.state ?? "intact", note: "", lon: null, lat: null,
    error_m: null, photos: [],
  }); // prettier-ignore
  const [wrong, setWrong] = useState<string | null>(null);
  const value = draft.value;
  const placed = wanted.kind === "add" || wanted.kind === "move";
  const units = (lists?.units ?? []).map((each) => [each.value, each.words] as const);
  const classes = (lists?.classes ?? []).filter((each) => each.value.includes("/component/")).map((each) => [each.value, each.words] as const);
  const name = known ? named(known.class_name, language) || known.class_key : say("add");

  const submit = async () => {
    const lacks = missing(wanted, value, say);
    setWrong(lacks);
    if (lacks) return;
    try {
      await enqueue(
        { kind: "census", title: `${say("census")} · ${say(wanted.kind)} · ${name}`, path: "/v1/components/changes", account, body: { form: partsOf(wanted, value) } },
        key,
        value,
      );
      onClose();
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      setWrong(say("full"));
    }
  };
  return (
    <form
      className={css.sheet}
      aria-label={say(wanted.kind)}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!draft.busy) void submit();
      }}
    >
      <header>
        <h1>{say(wanted.kind)}</h1>
        {known && (
          <p className={css.quiet}>
            {name} · {say("code", { code: known.code })}
          </p>
        )}
      </header>
      <PhotoField label={say("photos")} value={value.photos} most={screen?.photos_max ?? 9} onChange={(how) => draft.step("photos", how)} />
      {placed && (
        <PlaceField
          value={value.lon !== null && value.lat !== null ? { lon: value.lon, lat: value.lat, error_m: value.error_m ?? 0 } : null}
          onChange={(spot) => draft.change(spot)}
        />
      )}
      {wanted.kind === "add" && <Select label={say("kind")} value={value.kind} empty={say("choose")} choices={classes} onChange={(event) => draft.change({ kind: event.target.value })} />}
      {(wanted.kind === "add" || wanted.kind === "change") && (
        <>
          <Select label={say("state")} value={value.state} choices={STATES.map((each) => [each, code(`component.state.${each}`)] as const)} onChange={(event) => draft.change({ state: event.target.value })} />
          <Select label={say("owner")} value={value.owner} empty={say("choose")} choices={units} onChange={(event) => draft.change({ owner: event.target.value })} />
          <Select label={say("maintainer")} value={value.maintainer} empty={say("choose")} choices={units} onChange={(event) => draft.change({ maintainer: event.target.value })} />
        </>
      )}
      <TextArea label={say("describe") + say("optional")} value={value.note} onChange={(event) => draft.change({ note: event.target.value })} />
      {(wrong || draft.full) && <Notice tone="wrong">{wrong ?? say("full")}</Notice>}
      <GettingReady is={draft.busy} />
      <div className={css.foot}>
        <Button onClick={onClose}>{say("cancel")}</Button>
        <Button tone="loud" type="submit" why={draft.busy ? say("gettingReady") : null}>
          {say(wanted.kind)}
        </Button>
      </div>
    </form>
  );
}

function missing(wanted: Wanted, value: Filled, say: ReturnType<typeof work.use>): string | null {
  if (wanted.kind === "add" && !value.kind) return say("needed", { what: say("kind") });
  if (wanted.kind === "add" && !value.owner) return say("needed", { what: say("owner") });
  if ((wanted.kind === "add" || wanted.kind === "move") && value.lon === null) return say("needed", { what: say("place") });
  return null;
}

function partsOf(wanted: Wanted, value: Filled): Part[] {
  const parts: Part[] = [{ name: "kind", value: wanted.kind }];
  const put = (name: string, text: string | null | undefined) => text && parts.push({ name, value: text });
  put("component", wanted.component?.code);
  if (value.lon !== null && value.lat !== null) {
    put("lon", String(value.lon));
    put("lat", String(value.lat));
  }
  if (wanted.kind === "add") put("problem_class", value.kind);
  if (wanted.kind === "add" || wanted.kind === "change") {
    put("owner", value.owner);
    put("maintainer", value.maintainer);
    put("state", value.state);
  }
  put("note", value.note.trim());
  return [...parts, ...picturesOf("photos", value.photos)];
}
