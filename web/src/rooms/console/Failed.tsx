/** Deeds that failed for cases that are no longer looked at: which, why, and back to them. */
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { asking } from "@/lib/address";
import { Button, Notice } from "@/ui/ui";
import { Link } from "wouter";
import { useMeanwhile } from "./sending";
import { sends, useSends } from "./sends";
import { room } from "./words";

/** Above the case that is looked at, which says its own. */
export function Failed({ chosen, asked }: { chosen: string | undefined; asked: Record<string, string> }) {
  const say = room.use();
  const { words } = useSaid();
  const meanwhile = useMeanwhile();
  return useSends()
    .filter((each) => each.state === "failed" && each.case !== chosen)
    .map((each) => (
      <Notice key={each.case} tone="wrong">
        <b>{say("failedOf", { deed: each.deed.label, title: each.title })}</b> {told(each.error, words)} {meanwhile(each.error)}{" "}
        <Link href={`/console${asking(asked, { case: each.case })}`}>{say("seeIt")}</Link> <Button onClick={() => sends.forget(each.case)}>{say("close")}</Button>
      </Notice>
    ));
}
