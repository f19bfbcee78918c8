/** Every move of the case: those that may be made as buttons, the one that matters now loud; the others say why not. */
import { type RefObject, useImperativeHandle, useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { hasDraft } from "@/lib/drafts";
import { Button, Notice } from "@/ui/ui";
import type { Deed, Lists, Screen } from "./api";
import css from "./console.module.css";
import { DeedForm } from "./DeedForm";
import { atOnce } from "./forms";
import { useMeanwhile, useSending } from "./sending";
import { sends } from "./sends";
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
  onDone: (deed: Deed, of: string) => void;
}

/** The foot of the case. */
export function Deeds({ screen, lists, hands, onDoing, onDone }: Props) {
  const say = room.use();
  const { words } = useSaid();
  const meanwhile = useMeanwhile();
  const [open, setOpen] = useState<Deed | null>(null);
  const able = screen.deeds.filter((each) => each.why_not === null);
  const unable = screen.deeds.filter((each) => each.why_not !== null);
  const loud = able.find((each) => each.loud);
  const quick = useSending(screen, onDone);
  const shown = open && formed(open, screen.deeds, say("deedGone"));

  function show(deed: Deed | null) {
    sends.forget(screen.case.id);
    setOpen(deed);
    onDoing(deed?.label ?? null);
  }

  function press(deed: Deed) {
    if (quick.busy) return;
    if (deed.name === open?.name) show(null);
    else if (deed.loud && atOnce(deed) && !hasDraft(`${screen.case.id}:${deed.name}`)) void quick.send(deed, {});
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
      {quick.failed && quick.failed.deed.name !== shown?.name && (
        <Notice tone="wrong">
          {told(quick.failed.error, words)} {meanwhile(quick.failed.error)}
        </Notice>
      )}
      {shown && <DeedForm key={`${screen.case.id}:${shown.name}`} deed={shown} screen={screen} lists={lists} onClose={() => show(null)} onDone={(deed, of) => (setOpen(null), onDone(deed, of))} />}
      <div className={css.buttons}>
        {able.map((deed, place) => (
          <Button key={deed.name} tone={deed.loud ? "loud" : "plain"} disabled={quick.busy} aria-expanded={deed.name === open?.name || undefined} aria-keyshortcuts={deed.loud ? "a" : String(place + 1)} data-deed={deed.name} onClick={() => press(deed)}>
            {deed.label}
            {deed.loud ? <kbd>a</kbd> : place < 9 && <kbd>{place + 1}</kbd>}
            {hasDraft(`${screen.case.id}:${deed.name}`) && <i title={say("draft")}>✎</i>}
          </Button>
        ))}
        {loud && atOnce(loud) && loud.fields.length > 0 && (
          <Button aria-label={`${loud.label}…`} aria-expanded={loud.name === open?.name || undefined} onClick={() => show(loud.name === open?.name ? null : loud)}>
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

/** The open form as the case stands: what can no longer be done keeps its fields, which the server then tells no more, and says why. */
function formed(open: Deed, deeds: readonly Deed[], gone: string): Deed {
  const now = deeds.find((each) => each.name === open.name);
  return now?.why_not === null ? now : { ...open, why_not: now?.why_not ?? gone };
}
