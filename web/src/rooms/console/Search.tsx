/** Search over cases: Ctrl-K, type, arrows, Enter. */
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button } from "@/ui/ui";
import { useFound } from "./api";
import css from "./console.module.css";
import { room } from "./words";

interface Props {
  onPick: (id: string) => void;
  onAll: (words: string) => void;
  onClose: () => void;
}

/** The box over the room. */
export function Search({ onPick, onAll, onClose }: Props) {
  const say = room.use();
  const { words } = useSaid();
  const box = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const asked = useFound(useDeferredValue(typed));
  const items = typed.trim().length > 1 ? (asked.data?.items ?? []) : [];

  useEffect(() => {
    box.current?.showModal();
  }, []);

  function press(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setPlace((now) => Math.min(items.length - 1, now + 1));
    else if (event.key === "ArrowUp") setPlace((now) => Math.max(0, now - 1));
    else if (event.key === "Enter") {
      const found = items[place];
      if (found && !event.shiftKey) onPick(found.case.id);
      else if (typed.trim()) onAll(typed.trim());
    } else return;
    event.preventDefault();
  }

  return (
    <dialog ref={box} className={css.dialog} aria-label={say("search")} onClose={onClose}>
      <input
        className={css.searchbox}
        role="combobox"
        aria-label={say("search")}
        aria-expanded={items.length > 0}
        aria-controls={list}
        aria-activedescendant={items[place] ? `${list}-${place}` : undefined}
        placeholder={say("searchHint")}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setPlace(0);
        }}
        onKeyDown={press}
      />
      <ul id={list} role="listbox" aria-label={say("search")} className={css.results}>
        {items.map((line, at) => (
          // the keys are heard by the box above
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li key={line.case.id} id={`${list}-${at}`} role="option" aria-selected={at === place} onClick={() => onPick(line.case.id)}>
            <b>{line.title}</b> <code>{line.case.number}</code>
            <span>
              {line.state} · {line.place} {line.unit && `· ${line.unit}`}
            </span>
          </li>
        ))}
      </ul>
      <p className={css.quiet} role="status">
        {asked.isError ? told(asked.error, words) : typed.trim().length > 1 && asked.isFetched && items.length === 0 ? say("searchNone") : asked.isFetching ? say("searching") : ""}
      </p>
      <div className={css.line}>
        {items.length > 0 && <Button onClick={() => onAll(typed.trim())}>{say("searchAll")}</Button>}
        <Button onClick={() => box.current?.close()}>{say("close")}</Button>
      </div>
    </dialog>
  );
}
