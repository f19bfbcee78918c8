/** Sending a deed: with the version that was seen and a key, so that nothing is done twice or to what has changed. */
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client";
import { useCode } from "@/api/codes";
import { Refusal } from "@/api/errors";
import { moment } from "@/lib/dates";
import type { Deed, Screen } from "./api";
import { bodyOf, formOf, type Typed } from "./forms";
import { sends, useSends } from "./sends";
import { room } from "./words";

interface Changed {
  fact: string;
  at: string;
}

/** How a deed of the case is sent. `onDone` comes whatever is looked at by then, and is told of which case it was. */
export function useSending(screen: Screen, onDone: (deed: Deed, of: string) => void) {
  const client = useQueryClient();
  const id = screen.case.id;
  const mine = useSends().find((each) => each.case === id);

  /** `key`: where none is given, that of the last try. A press while a deed of the case is under way does nothing. */
  async function go(deed: Deed, typed: Typed, photos: readonly File[] = [], key?: string): Promise<void> {
    const begun = sends.begin({ case: id, title: screen.words.title, deed, key });
    if (!begun) return;
    const stale = (name: string, ...of: string[]) => void client.invalidateQueries({ queryKey: [name, ...of] });
    const body = bodyOf(deed, typed, screen.offset);
    try {
      await send(deed.method, deed.path, deed.media === "multipart/form-data" ? formOf(body, photos) : body, { key: begun.key, etag: `"${screen.case.no}"` });
    } catch (wrong) {
      sends.failed(id, wrong);
      if (wrong instanceof Refusal && (wrong.changed || wrong.status === 409)) stale("case", id);
      return;
    }
    sends.done(id);
    onDone(deed, id);
    for (const name of ["queue", "counts"]) stale(name);
    stale("case", id);
  }

  return { send: go, busy: mine?.state === "under_way", failed: mine?.state === "failed" ? mine : null };
}

/** What happened meanwhile, where that was the reason. */
export function useMeanwhile(): (error: unknown) => string {
  const say = room.use();
  const code = useCode();
  return (error) => {
    const facts = error instanceof Refusal && error.changed ? ((error.problem.changed as Changed[] | undefined) ?? []) : [];
    return facts.length > 0 ? say("changedBy", { facts: facts.map((each) => `${code(`fact.${each.fact}`)} ${moment(each.at)}`).join(say("between")) }) : "";
  };
}
