/** Sending a deed: with the version that was seen and a key, so that nothing is done twice or to what has changed. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client";
import { useCode } from "@/api/codes";
import { Refusal } from "@/api/errors";
import { moment } from "@/lib/dates";
import type { Deed, Screen } from "./api";
import { bodyOf, formOf, type Typed } from "./forms";
import { room } from "./words";

interface Changed {
  fact: string;
  at: string;
}

/** How a deed is sent, and what came of it. `changed` says what happened meanwhile, where that was the reason. */
export function useSending(screen: Screen, onDone: (deed: Deed) => void) {
  const say = room.use();
  const code = useCode();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ of: string; error: unknown } | null>(null);
  const error = failed?.of === screen.case.id ? failed.error : null;

  async function go(deed: Deed, typed: Typed, photos: readonly File[], key: string): Promise<boolean> {
    setBusy(true);
    setFailed(null);
    const body = bodyOf(deed, typed, screen.offset);
    try {
      await send(deed.method, deed.path, deed.media === "multipart/form-data" ? formOf(body, photos) : body, { key, etag: `"${screen.case.no}"` });
      onDone(deed);
      return true;
    } catch (wrong) {
      setFailed({ of: screen.case.id, error: wrong });
      if (wrong instanceof Refusal && (wrong.changed || wrong.status === 409)) void client.invalidateQueries({ queryKey: ["case", screen.case.id] });
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { send: go, busy, error, changed: error instanceof Refusal && error.changed ? since(error) : null };

  function since(refusal: Refusal): string {
    const facts = (refusal.problem.changed as Changed[] | undefined) ?? [];
    return facts.length > 0 ? say("changedBy", { facts: facts.map((each) => `${code(`fact.${each.fact}`)} ${moment(each.at)}`).join(say("between")) }) : "";
  }
}
