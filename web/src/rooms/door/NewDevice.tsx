/** Somebody came in with a browser that is new to the account: was it you? */
import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client";
import { ME, useMe } from "@/api/session";
import { browserNamed } from "@/lib/agent";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/ui";
import css from "./door.module.css";
import { door } from "./words";

export function NewDevice() {
  const say = door.use();
  const { me } = useMe();
  const client = useQueryClient();
  const seen = me?.new_device;
  if (!seen) return null;
  async function wasMe() {
    await send("POST", "/v1/me/sign-ins/notice");
    await client.invalidateQueries({ queryKey: ME });
  }
  async function wasNot() {
    await send("DELETE", "/v1/me/sessions");
    await send("POST", "/v1/me/sign-ins/notice");
    location.assign("/people/me");
  }
  return (
    <div className={css.told} role="status">
      <p>{say("newDevice", { when: moment(seen.at), agent: browserNamed(seen.agent), where: seen.network })}</p>
      <div className={css.two}>
        <Button onClick={() => void wasMe()}>{say("wasMe")}</Button>
        <Button tone="danger" onClick={() => void wasNot()}>
          {say("wasNot")}
        </Button>
      </div>
    </div>
  );
}
