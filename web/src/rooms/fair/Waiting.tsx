/** While an answer is on its way, and where it was refused. */
import type { UseQueryResult } from "@tanstack/react-query";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Waiting as Shared } from "@/api/Waiting";
import { Notice } from "@/ui/ui";
import { fair as room } from "./words";

export function Waiting({ asked }: { asked: Pick<UseQueryResult, "error" | "refetch"> }) {
  const say = room.use();
  return <Shared asked={asked} loading={say("loading")} retry={say("retry")} />;
}

/** What a deed was refused with. */
export function Refused({ error }: { error: Error | null }) {
  const { words } = useSaid();
  return error ? <Notice tone="wrong">{told(error, words)}</Notice> : null;
}
