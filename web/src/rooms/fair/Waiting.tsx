/** While an answer is on its way, and where it was refused. */
import type { UseQueryResult } from "@tanstack/react-query";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";
import { fair as room } from "./words";

export function Waiting({ asked }: { asked: Pick<UseQueryResult, "error" | "refetch"> }) {
  const say = room.use();
  const { words } = useSaid();
  if (!asked.error) return <Skeleton rows={8} says={say("loading")} />;
  return (
    <Empty>
      <Notice tone="wrong">{told(asked.error, words)}</Notice>
      <Button onClick={() => void asked.refetch()}>{say("retry")}</Button>
    </Empty>
  );
}

/** What a deed was refused with. */
export function Refused({ error }: { error: Error | null }) {
  const { words } = useSaid();
  return error ? <Notice tone="wrong">{told(error, words)}</Notice> : null;
}
