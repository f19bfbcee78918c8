/** Addresses to which facts go: whether they are told, and why not. */
import { route } from "@/lib/paths";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Lamp, Notice, Skeleton } from "@/ui/ui";
import { useSend, useWebhooks } from "./api";
import css from "./people.module.css";
import { people as room } from "./words";

export default function Webhooks() {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const hooks = useWebhooks();
  const change = useSend("webhooks", "outbox");
  const wrong = hooks.error ?? change.error;
  if (!hooks.data) return hooks.error ? <Notice tone="wrong">{told(hooks.error, words)}</Notice> : <Skeleton rows={5} says={say("loading")} />;
  return (
    <div className={css.stack}>
      {wrong && <Notice tone="wrong">{told(wrong, words)}</Notice>}
      {hooks.data.length === 0 && <Empty>{say("noHooks")}</Empty>}
      <ul className={css.rows}>
        {hooks.data.map((each) => (
          <li key={each.id}>
            <Lamp colour={each.state === "active" ? "green" : each.state === "stopped" ? "red" : "grey"} says={say(each.state)} />
            <b className={css.codes}>{each.url ?? each.id}</b>
            <span>{say(each.state)}</span>
            <span className={css.quiet}>{each.types.map((type) => code(`fact.${type}`)).join("、") || say("allTypes")}</span>
            {each.stopped_at && (
              <span className={css.quiet}>
                {moment(each.stopped_at)} {each.stopped_for && code(`webhook.reason.${each.stopped_for}`)}
              </span>
            )}
            {each.state === "stopped" && <Button onClick={() => change.mutate({ path: route`/v1/webhooks/${each.id}/resumption`, etag: each.no })}>{say("resume")}</Button>}
            {each.state !== "ended" && (
              <Button tone="danger" onClick={() => change.mutate({ method: "DELETE", path: route`/v1/webhooks/${each.id}`, etag: each.no })}>
                {say("endHook")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
