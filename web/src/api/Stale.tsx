/** Above what an earlier answer said, once none comes any more: of when it is, why, and asking again. */
import { moment } from "@/lib/dates";
import { Button, Notice } from "@/ui/ui";
import { words as wordsOf } from "@/words/words";
import { useSaid } from "./codes";
import { told } from "./errors";

interface Asked {
  isRefetchError: boolean;
  isFetching: boolean;
  error: unknown;
  dataUpdatedAt: number;
  refetch: () => Promise<unknown>;
}

const own = wordsOf("stale", {
  asOf: ["以下是 {at} 的情况，此后没有得到答复：", "This is as of {at}; no answer came since:"],
  again: ["再试一次", "Try again"],
});

export function Stale({ asked }: { asked: Asked }) {
  const say = own.use();
  const { words } = useSaid();
  if (!asked.isRefetchError) return null;
  return (
    <Notice tone="wrong">
      {say("asOf", { at: moment(new Date(asked.dataUpdatedAt).toISOString()) })} {told(asked.error, words)}{" "}
      <Button disabled={asked.isFetching} onClick={() => void asked.refetch()}>
        {say("again")}
      </Button>
    </Notice>
  );
}
