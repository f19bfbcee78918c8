/** One account: its posts with their areas, another password, closing it. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { Button, Field, Notice, Select } from "@/ui/ui";
import { type Account, type Post, useSend, useWords } from "./api";
import css from "./people.module.css";
import { people as room } from "./words";

const REASONS = ["left", "moved", "contract_ended", "misused", "opened_by_mistake"] as const;

export function AccountPane({ account, posts }: { account: Account; posts: Post[] }) {
  const say = room.use();
  const code = useCode();
  const of = useWords();
  const { words } = useSaid();
  const [post, choosePost] = useState("");
  const [password, type] = useState("");
  const [closing, setClosing] = useState(false);
  const [reason, setReason] = useState<string>(REASONS[0]);
  const { me } = useMe();
  const manages = may(me, "account.manage");
  const opens = may(me, "account.open");
  const change = useSend("accounts");
  const reset = useSend("accounts");
  const second = useSend("accounts");
  const out = useSend("accounts");
  const at = route`/v1/accounts/${account.id}`;
  const called = (each: Post) => `${of(each.name)} · ${of(each.unit_name)} · ${of(each.area_name) || say("wholeCity")}`;
  const byId = new Map(posts.map((each) => [each.id as string, each]));
  return (
    <article className={css.stack}>
      <h2>{account.name ?? say("erased")}</h2>
      <p className={css.quiet}>
        {account.sign_in && `${account.sign_in} · `}
        {account.state === "open" ? say("open") : say("closed")}
      </p>
      <h3>{say("posts")}</h3>
      <ul className={css.rows}>
        {account.posts.map((id) => {
          const known = byId.get(id);
          return (
            <li key={id}>
              <b>{known ? of(known.name) : id}</b>
              {known && <span>{of(known.role_name)}</span>}
              {known && (
                <span className={css.quiet}>
                  {of(known.unit_name)} · {of(known.area_name) || say("wholeCity")}
                </span>
              )}
              {manages && <Button aria-label={say("leave", { post: known ? of(known.name) : id })} onClick={() => change.mutate({ method: "DELETE", path: `${at}/posts/${id}`, etag: account.no })}>
                {say("leaveShort")}
              </Button>}
            </li>
          );
        })}
      </ul>
      {account.state === "open" && (
        <>
          {manages && <div className={css.bar}>
            <Select label={say("take")} empty={say("choosePost")} value={post} choices={posts.filter((each) => !account.posts.includes(each.id)).map((each) => [each.id, called(each)] as const)} onChange={(event) => choosePost(event.target.value)} />
            <Button why={post ? null : say("choosePost")} onClick={() => change.mutate({ path: `${at}/posts`, body: { post }, etag: account.no }, { onSuccess: () => choosePost("") })}>
              {say("save")}
            </Button>
          </div>}
          {change.error && <Notice tone="wrong">{told(change.error, words)}</Notice>}
          {manages && account.kind === "person" && (
            <form
            className={css.bar}
            onSubmit={(event) => {
              event.preventDefault();
              reset.mutate({ method: "PUT", path: `${at}/password`, body: { password } }, { onSuccess: () => type("") });
            }}
          >
            <Field label={say("firstPassword")} type="password" autoComplete="new-password" required value={password} onChange={(event) => type(event.target.value)} />
            <Button type="submit">{say("reset")}</Button>
          </form>
          )}
          {reset.error && <Notice tone="wrong">{told(reset.error, words)}</Notice>}
          {reset.isSuccess && <Notice tone="good">{say("resetDone")}</Notice>}
          {account.kind === "person" && (
            <div className={css.bar}>
              {opens && <Button onClick={() => second.mutate({ method: "DELETE", path: `${at}/second-factor` })}>{say("takeSecond")}</Button>}
              {(manages || opens) && <Button onClick={() => out.mutate({ method: "DELETE", path: `${at}/sessions` })}>{say("endSessions")}</Button>}
            </div>
          )}
          {[second, out].map((each, n) => each.error && <Notice key={n} tone="wrong">{told(each.error, words)}</Notice>)}
          {second.isSuccess && <Notice tone="good">{say("takenSecond")}</Notice>}
          {out.isSuccess && <Notice tone="good">{say("endedSessions")}</Notice>}
          {closing ? (
            <div className={css.form}>
              <p>{say("closeSay")}</p>
              <Select label={say("reason")} value={reason} choices={REASONS.map((each) => [each, code(`people.reason.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
              <div className={css.bar}>
                <Button tone="danger" onClick={() => change.mutate({ path: `${at}/closure`, body: { reason }, etag: account.no }, { onSuccess: () => setClosing(false) })}>
                  {say("close")}
                </Button>
                <Button onClick={() => setClosing(false)}>{say("cancel")}</Button>
              </div>
            </div>
          ) : (
            <p>
              <Button tone="danger" onClick={() => setClosing(true)}>
                {say("close")}
              </Button>
            </p>
          )}
        </>
      )}
    </article>
  );
}
