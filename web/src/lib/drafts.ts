/** What is being typed at a desk, by its place: it outlives a change of case or tab, an ended session, a reload; not the tab itself. */
import { useState } from "react";

const PLACE = "cityloop.typed:";

export interface Draft {
  typed: Record<string, string>;
  key: string; // the same for the same words, so that a second sending is the same request
}

const files = new Map<string, File[]>(); // cannot be written down; they stay as long as the page

function read(place: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE + place) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function write(place: string, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(PLACE + place, JSON.stringify(draft));
    else sessionStorage.removeItem(PLACE + place);
  } catch {
    // a browser that keeps nothing: it stays on the page
  }
}

/** Whether something was typed at a place, e.g. for a deed of a case, and not sent. */
export function hasDraft(place: string): boolean {
  return read(place) !== null;
}

/** The draft of a place, how it is changed, and how it is thrown away once it is done. */
export function useDraft(place: string, blank: Record<string, string>) {
  const [state, setState] = useState(() => ({ place, draft: read(place) ?? { typed: blank, key: crypto.randomUUID() } }));
  const current = state.place === place ? state : { place, draft: read(place) ?? { typed: blank, key: crypto.randomUUID() } };
  if (current !== state) setState(current);
  const [photos, setPhotos] = useState<File[]>(() => files.get(place) ?? []);
  return {
    ...current.draft,
    photos,
    type(change: Record<string, string>) {
      const draft = { typed: { ...current.draft.typed, ...change }, key: crypto.randomUUID() };
      write(place, draft);
      setState({ place, draft });
    },
    choose(chosen: File[]) {
      files.set(place, chosen);
      setPhotos(chosen);
    },
    /** What was sent under this key is done; what was typed since stays. */
    done(sent = current.draft.key) {
      if ((read(place)?.key ?? sent) !== sent) return;
      write(place, null);
      files.delete(place);
      setPhotos([]);
      setState({ place, draft: { typed: blank, key: crypto.randomUUID() } });
    },
  };
}
