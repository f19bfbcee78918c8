/** While an answer is on its way, and where it was refused. */
import type { UseQueryResult } from "@tanstack/react-query";
import { useSaid } from "./codes";
import { told } from "./errors";
import { Button, Empty, Notice, Skeleton } from "@/ui/ui";

interface Asked {
  asked: Pick<UseQueryResult, "error" | "refetch">;
  loading: string;
  retry: string;
  rows?: number;
}

export function Waiting({ asked, loading, retry, rows = 8 }: Asked) {
  const { words } = useSaid();
  if (!asked.error) return <Skeleton rows={rows} says={loading} />;
  return (
    <Empty>
      <Notice tone="wrong">{told(asked.error, words)}</Notice>
      <Button onClick={() => void asked.refetch()}>{retry}</Button>
    </Empty>
  );
}
