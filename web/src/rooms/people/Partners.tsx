/** Other systems and their keys: what each may do, how often it may come, and for how long. */
import { route } from "@/lib/paths";
import { useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Button, Empty, Field, Notice, Select, Skeleton } from "@/ui/ui";
import { type Account, type Key, useAccounts, useKeys, usePosts, useSend } from "./api";
import { AccountPane } from "./AccountPane";
import css from "./people.module.css";
import { people as room } from "./words";

const WHY = ["lost", "replaced", "contract_ended", "misused", "made_by_mistake"] as const;

export default function Partners() {
  const say = room.use();
  const { words } = useSaid();
  const [asked, change] = useAsked();
  const [name, type] = useState("");
  const { me } = useMe();
  const accounts = useAccounts();
  const posts = usePosts();
  const open = useSend("accounts");
  if (accounts.isLoadingError) return <Notice tone="wrong">{told(accounts.error, words)}</Notice>;
  if (!accounts.data) return <Skeleton rows={6} says={say("loading")} />;
  const partners = accounts.data.filter((each) => each.kind === "partner");
  const chosen = partners.find((each) => each.id === asked.partner);
  return (
    <div className={css.two}>
      <div className={css.stack}>
        {may(me, "account.open") && <form
          className={css.bar}
          onSubmit={(event) => {
            event.preventDefault();
            open.mutate({ path: "/v1/partners", body: { name }, key: crypto.randomUUID() }, { onSuccess: (found) => change({ partner: (found as { id: string }).id }) });
            type("");
          }}
        >
          <Field label={say("system")} required maxLength={80} value={name} onChange={(event) => type(event.target.value)} />
          <Button type="submit" tone="loud">
            {say("partnerNew")}
          </Button>
        </form>}
        {open.error && <Notice tone="wrong">{told(open.error, words)}</Notice>}
        {partners.length === 0 && <Empty>{say("none")}</Empty>}
        <ul className={css.rows}>
          {partners.map((each) => (
            <li key={each.id}>
              <button type="button" className={css.pick} aria-current={each === chosen ? "true" : undefined} onClick={() => change({ partner: each.id }, false)}>
                <b>{each.name ?? say("erased")}</b>
                <span className={css.quiet}>{each.state === "open" ? say("open") : say("closed")}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className={css.side}>
        {chosen ? (
          <div className={css.stack} key={chosen.id}>
            <AccountPane account={chosen} posts={posts.data?.posts ?? []} />
            {may(me, "account.manage") && <Keys account={chosen} scopes={scopesOf(chosen)} />}
          </div>
        ) : (
          <Empty>{say("choose")}</Empty>
        )}
      </div>
    </div>
  );

  /** What a key of this partner could do: whatever its posts may. */
  function scopesOf(account: Account): string[] {
    const roles = new Set(posts.data?.posts.filter((post) => account.posts.includes(post.id)).map((post) => post.role));
    return [...new Set(posts.data?.roles.filter((role) => roles.has(role.id)).flatMap((role) => role.permissions))].sort();
  }
}

function Keys({ account, scopes }: { account: Account; scopes: string[] }) {
  const say = room.use();
  const { words } = useSaid();
  const keys = useKeys(account.id);
  const [chosen, choose] = useState<string[]>([]);
  const [pace, setPace] = useState({ per_min: 600, days: 365 });
  const make = useSend("keys", "accounts");
  const shown = (make.data as { key?: string | null } | undefined)?.key;
  return (
    <section className={css.stack} aria-labelledby="keys">
      <h3 id="keys">{say("keys")}</h3>
      {shown && (
        <Notice tone="good">
          <p>{say("keyShown")}</p>
          <code className={css.key}>{shown}</code>
        </Notice>
      )}
      {keys.data?.length === 0 && <p className={css.quiet}>{say("noKeys")}</p>}
      <ul className={css.rows}>
        {keys.data?.map((each) => (
          <KeyLine key={each.id} account={account} one={each} />
        ))}
      </ul>
      {account.state === "open" && (
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ path: route`/v1/accounts/${account.id}/keys`, etag: account.no, body: { scopes: chosen, per_min: pace.per_min, days: pace.days } });
          }}
        >
          <fieldset className={css.checks}>
            <legend>{say("scopes")}</legend>
            {scopes.map((each) => (
              <label key={each}>
                <input type="checkbox" checked={chosen.includes(each)} onChange={() => choose(chosen.includes(each) ? chosen.filter((one) => one !== each) : [...chosen, each])} /> {each}
              </label>
            ))}
          </fieldset>
          <div className={css.bar}>
            <Field label={say("perMin")} type="number" min={1} value={pace.per_min} onChange={(event) => setPace({ ...pace, per_min: Number(event.target.value) })} />
            <Field label={say("days")} type="number" min={1} value={pace.days} onChange={(event) => setPace({ ...pace, days: Number(event.target.value) })} />
            <Button type="submit" why={chosen.length ? null : say("scopes")}>
              {say("makeKey")}
            </Button>
          </div>
          {make.error && <Notice tone="wrong">{told(make.error, words)}</Notice>}
        </form>
      )}
    </section>
  );
}

function KeyLine({ account, one }: { account: Account; one: Key }) {
  const say = room.use();
  const code = useCode();
  const { words } = useSaid();
  const [why, setWhy] = useState("");
  const revoke = useSend("keys", "accounts");
  return (
    <li>
      <span className={css.codes}>{one.scopes.join("  ")}</span>
      <span className={css.quiet}>
        {say("expires", { when: moment(one.expires_at) })} · {one.used_at ? say("used", { when: moment(one.used_at) }) : say("unused")}
      </span>
      {one.revoked_at ? (
        <span className={css.quiet}>{say("revoked", { why: code(`people.key_reason.${one.revoked_for}`) })}</span>
      ) : (
        <span className={css.bar}>
          <Select label={say("reason")} empty="—" value={why} choices={WHY.map((each) => [each, code(`people.key_reason.${each}`)] as const)} onChange={(event) => setWhy(event.target.value)} />
          <Button tone="danger" why={why ? null : say("reason")} onClick={() => revoke.mutate({ path: route`/v1/accounts/${account.id}/keys/${one.id}/revocation`, body: { reason: why }, etag: account.no })}>
            {say("revoke")}
          </Button>
        </span>
      )}
      {revoke.error && <Notice tone="wrong">{told(revoke.error, words)}</Notice>}
    </li>
  );
}
