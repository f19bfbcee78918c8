/** All keys of the room; single keys can be turned off here. */
import { useEffect, useRef } from "react";
import { Button } from "@/ui/ui";
import css from "./console.module.css";
import { KEYS } from "./keys";
import { room } from "./words";

const NAMES = { next: "next", back: "back", loud: "loud", deed: "deed", mark: "marked", all: "chooseAll", many: "many", read: "read", side: "side", search: "search", filter: "filters", again: "again", sheet: "sheet", close: "close", tab: "tab" } as const;

/** The sheet. */
export function KeySheet({ single, onSingle, onClose }: { single: boolean; onSingle: (on: boolean) => void; onClose: () => void }) {
  const say = room.use();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} className={css.dialog} aria-label={say("keys")} onClose={onClose}>
      <h2>{say("keys")}</h2>
      <dl className={css.keys}>
        {KEYS.map((key) => (
          <div key={key.does}>
            <dt>
              {key.keys.split(" ").map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{say(NAMES[key.does])}</dd>
          </div>
        ))}
      </dl>
      <label className={css.check}>
        <input type="checkbox" checked={single} onChange={(event) => onSingle(event.target.checked)} /> {say("keysOn")}
      </label>
      <Button onClick={() => box.current?.close()}>{say("close")}</Button>
    </dialog>
  );
}
