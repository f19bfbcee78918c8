/** What stands written in the photos: read when somebody asks, by a machine that may misread. */
import { route } from "@/lib/paths";
import { useMutation } from "@tanstack/react-query";
import { send } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import type { components } from "@/api/schema";
import { Button, Notice } from "@/ui/ui";
import css from "./console.module.css";
import { room } from "./words";

type Read = components["schemas"]["PhotoText"];

export function PhotoText({ caseId, report }: { caseId: string; report: string }) {
  const say = room.use();
  const { words } = useSaid();
  const asked = useMutation({ mutationFn: () => send<Read>("GET", route`/v1/cases/${caseId}/reports/${report}/photo-text`) });
  const lines = asked.data?.photos.flat() ?? [];
  return (
    <div role="status" aria-live="polite">
      {!asked.data && (
        <Button why={asked.isPending ? say("readingPhotos") : null} onClick={() => asked.mutate()}>
          {say("readPhotos")}
        </Button>
      )}
      {asked.data && !asked.data.is_able && <p className={css.quiet}>{say("readUnable")}</p>}
      {asked.data?.is_able && lines.length === 0 && <p className={css.quiet}>{say("readNothing")}</p>}
      {lines.length > 0 && (
        <>
          <p className={css.quiet}>{say("readSays")}</p>
          <ul className={css.plainlist}>
            {lines.map((line, at) => (
              <li key={`${at}${line}`}>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
      {asked.error && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
    </div>
  );
}
