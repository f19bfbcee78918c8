/** Every move of the case: those that may be made as buttons, the one that matters now loud; the others say why not. */
import { type RefObject, useImperativeHandle, useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Notice } from "@/ui/ui";
import type { Deed, Lists, Screen } from "./api";
import css from "./console.module.css";
import { hasDraft } from "@/lib/drafts";
import { DeedForm } from "./DeedForm";
import { atOnce } from "./forms";
import { useSending } from "./sending";
import { room } from "./words";

export interface Hands {
  loud: () => void;
  nth: (place: number) => void;
  shut: () => boolean; // whether something was open
}

interface Props {
  screen: Screen;
  lists: Lists | undefined;
  hands: RefObject<Hands | null>;
  onDoing: (deed: string | null) => void;
  onDone: (deed: Deed) => void;
}

/** The foot of the case. */
export function Deeds({ screen, lists, hands, onDoing, onDone }: Props) {
  const say = room.use();
  const { words } = useSaid();
  const [open, setOpen] = useState<string | null>(null);
  const able = screen.deeds.filter((each) => each.why_not === null);
  const unable = screen.deeds.filter((each) => each.why_not !== null);
  const loud = able.find((each) => each.loud);
  const quick = useSending(screen, onDone);
  const shown = able.find((each) => each.name === open);

  function show(deed: Deed | null) {
    setOpen(deed?.name ?? null);
    onDoing(deed?.label ?? null);
  }

  function press(deed: Deed) {
    if (deed.name === open) show(null);
    else if (deed.loud && atOnce(deed) && !hasDraft(`${screen.case.id}:${deed.name}`)) void quick.send(deed, {}, [], crypto.randomUUID());
    else show(deed);
  }

  useImperativeHandle(hands, () => ({
    loud: () => loud && press(loud),
    nth: (place) => able[place] && press(able[place]),
    shut: () => {
      const was = open !== null;
      show(null);
      return was;
    },
  }));

  return (
    <footer className={css.deeds} aria-label={say("deeds")}>
      {quick.error !== null && !shown && (
        <Notice tone="wrong">
          {told(quick.error, words)} {quick.changed}
        </Notice>
      )}
      {shown && <DeedForm key={`${screen.case.id}:${shown.name}`} deed={shown} screen={screen} lists={lists} onClose={() => show(null)} onDone={(deed) => (show(null), onDone(deed))} />}
      <div className={css.buttons}>
        {able.map((deed, place) => (
          <Button key={deed.name} tone={deed.loud ? "loud" : "plain"} disabled={quick.busy} aria-expanded={deed.name === open || undefined} aria-keyshortcuts={deed.loud ? "a" : String(place + 1)} data-deed={deed.name} onClick={() => press(deed)}>
            {deed.label}
            {deed.loud ? <kbd>a</kbd> : place < 9 && <kbd>{place + 1}</kbd>}
            {hasDraft(`${screen.case.id}:${deed.name}`) && <i title={say("draft")}>✎</i>}
          </Button>
        ))}
        {loud && atOnce(loud) && loud.fields.length > 0 && (
          <Button aria-label={`${loud.label}…`} aria-expanded={loud.name === open || undefined} onClick={() => show(loud.name === open ? null : loud)}>
            …
          </Button>
        )}
      </div>
      {unable.length > 0 && (
        <details className={css.unable}>
          <summary>{say("notNow")}</summary>
          <ul>
            {unable.map((deed) => (
              <li key={deed.name}>
                <Button why={deed.why_not} data-deed={deed.name}>
                  {deed.label}
                </Button>
                <span>{deed.why_not}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {able.length === 0 && unable.length === 0 && <p className={css.quiet}>{say("nothing")}</p>}
    </footer>
  );
}
