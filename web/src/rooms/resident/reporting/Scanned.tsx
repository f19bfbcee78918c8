/** The thing whose code was scanned goes into the form; what was begun before is asked about, never written over. */
import { useEffect, useRef } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { useCatalogue } from "../data";
import { begun, type ReportDraft } from "../draft";
import css from "../resident.module.css";
import { resident } from "../words";
import { fromThing, useThing } from "./scanned";

interface Given {
  tag: string;
  draft: ReportDraft;
  onThing: (part: Partial<ReportDraft>, anew: boolean) => void;
  onLeave: () => void;
}

export function Scanned({ tag, draft, onThing, onLeave }: Given) {
  const say = resident.use();
  const language = useLanguage();
  const { words } = useSaid();
  const { catalogue } = useCatalogue();
  const thing = useThing(tag).data;
  const { error } = useThing(tag);
  const other = begun(draft);
  const taken = useRef(false);
  const part = thing && catalogue ? fromThing(thing, (key) => catalogue.classes.some((each) => each.class_key === key)) : null;
  useEffect(() => {
    if (!part || other || taken.current) return;
    taken.current = true;
    onThing(part, false);
  });
  if (error)
    return (
      <Notice tone="wrong">
        {told(error, words)}{" "}
        <button type="button" className={css.plain} onClick={onLeave}>
          {say("goOnWithout")}
        </button>
      </Notice>
    );
  if (!part || !thing) return <Skeleton rows={2} says={say("loading")} />;
  return (
    <section aria-labelledby="scanned">
      <h2 id="scanned">{say("scannedOther", { what: named(thing.class_name, language) })}</h2>
      <div className={css.stack}>
        <Button tone="loud" onClick={() => onThing(part, true)}>
          {say("scannedAnew")}
        </Button>
        <Button onClick={() => onThing(part, false)}>{say("scannedInto")}</Button>
        <Button onClick={onLeave}>{say("goOn")}</Button>
      </div>
    </section>
  );
}
