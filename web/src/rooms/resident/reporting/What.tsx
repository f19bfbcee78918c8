/** What it is: a few words, typed or spoken, and the class that they propose; a person has the last word. */
import { useId, useState } from "react";
import { Button, Field, Hits, TextArea } from "@/ui/ui";
import { type Spot, useCatalogue, useNamed, useProposed } from "../data";
import type { ReportDraft } from "../draft";
import css from "../resident.module.css";
import { found } from "../search";
import { useSettled } from "@/lib/settled";
import { resident } from "../words";
import { joined } from "./ears";
import { Speak } from "./Speak";

interface Given {
  text: string;
  class_key: string | null;
  at: Spot | null;
  chars_most: number;
  onChange: (part: Partial<ReportDraft>) => void;
}

export function What({ text, class_key, at, chars_most, onChange }: Given) {
  const say = resident.use();
  const named = useNamed();
  const { kind } = useCatalogue();
  const proposed = useProposed(useSettled(text), at);
  const [more, setMore] = useState(false);
  const group = useId();
  const choices = proposed.map((each) => ({ key: each.class_key as string, name: named(each.name), common: each.reasons.includes("common_here") }));
  if (class_key && !choices.some((each) => each.key === class_key)) choices.unshift({ key: class_key, name: kind(class_key), common: false });
  const choose = (key: string | null) => {
    onChange({ class_key: key });
    setMore(false);
  };
  return (
    <fieldset className={css.group}>
      <legend>{say("what")}</legend>
      <TextArea label={say("text")} maxLength={chars_most} value={text} onChange={(event) => onChange({ text: event.target.value })} />
      <Speak onText={(spoken) => onChange({ text: joined(text, spoken) })} />
      <div role="radiogroup" aria-labelledby={group} className={css.stack}>
        <span id={group}>{say("likely")}</span>
        <div className={css.chips}>
          {choices.map((each) => (
            <label key={each.key} className={css.chip}>
              <input type="radio" name="class" checked={class_key === each.key} onChange={() => choose(each.key)} />
              <span>
                {each.name}
                {each.common && <small> {say("commonHere")}</small>}
              </span>
            </label>
          ))}
          <label className={css.chip}>
            <input type="radio" name="class" checked={class_key === null} onChange={() => choose(null)} />
            <span>{say("unsure")}</span>
          </label>
        </div>
      </div>
      <Button aria-expanded={more} onClick={() => setMore(!more)}>
        {say("other")}
      </Button>
      {more && <AllKinds onChoose={choose} />}
    </fieldset>
  );
}

/** All classes, found by what people call them. */
function AllKinds({ onChoose }: { onChoose: (key: string) => void }) {
  const say = resident.use();
  const named = useNamed();
  const { catalogue } = useCatalogue();
  const [asked, setAsked] = useState("");
  const all = (catalogue?.classes ?? []).map((each) => ({ ...each, words: [named(each.name), ...Object.values(each.name), ...each.synonyms, named(each.major_name)] }));
  return (
    <div className={css.stack}>
      <Field label={say("findKind")} value={asked} onChange={(event) => setAsked(event.target.value)} />
      <Hits hits={found(all, asked).map((each) => ({ key: each.class_key, name: named(each.name), within: named(each.major_name) }))} onPick={(hit) => onChoose(hit.key)} />
    </div>
  );
}
