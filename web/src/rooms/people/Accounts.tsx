/** Accounts: who may come in, and in which posts they sit. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { Button, Empty, Field, Notice, Skeleton } from "@/ui/ui";
import { type Account, useAccounts, usePosts, useSend, useWords } from "./api";
import { AccountPane } from "./AccountPane";
import css from "./people.module.css";
import { people as room } from "./words";

export default function Accounts() {
  const say = room.use();
  const of = useWords();
  const { words } = useSaid();
  const [asked, change] = useAsked();
  const { me } = useMe();
  const accounts = useAccounts();
  const posts = usePosts();
  const nameOf = new Map(posts.data?.posts.map((each) => [each.id as string, of(each.name)]));
  if (accounts.isLoadingError) return <Notice tone="wrong">{told(accounts.error, words)}</Notice>;
  if (!accounts.data) return <Skeleton rows={10} says={say("loading")} />;
  const q = (asked.q ?? "").toLowerCase();
  const text = (each: Account) => [each.name, each.sign_in, ...each.posts.map((post) => nameOf.get(post) ?? post)].join(" ").toLowerCase();
  const people = accounts.data.filter((each) => each.kind === "person");
  const shown = people.filter((each) => text(each).includes(q));
  const chosen = people.find((each) => each.id === asked.account);
  return (
    <div className={css.two}>
      <div className={css.stack}>
        <div className={css.bar}>
          <Field label={say("search")} type="search" value={asked.q ?? ""} onChange={(event) => change({ q: event.target.value })} />
          {may(me, "account.open") && (
            <Button tone="loud" onClick={() => change({ account: "new" }, false)}>
              {say("openNew")}
            </Button>
          )}
        </div>
        <p className={css.quiet}>{say("openedBy")}</p>
        {shown.length === 0 && <Empty>{say("none")}</Empty>}
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{say("name")}</th>
                <th scope="col">{say("signIn")}</th>
                <th scope="col">{say("posts")}</th>
                <th scope="col">{say("state")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((each) => (
                <tr key={each.id} aria-selected={each === chosen}>
                  <th scope="row">
                    <button type="button" onClick={() => change({ account: each.id }, false)}>
                      {each.name ?? say("erased")}
                    </button>
                  </th>
                  <td>{each.sign_in}</td>
                  <td>{each.posts.map((post) => nameOf.get(post) ?? post).join("、")}</td>
                  <td>{each.state === "open" ? say("open") : <span className={css.quiet}>{say("closed")}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <div className={css.side}>
        {asked.account === "new" ? (
          <NewAccount onDone={(id) => change({ account: id })} />
        ) : chosen ? (
          <AccountPane key={chosen.id} account={chosen} posts={posts.data?.posts ?? []} />
        ) : (
          <Empty>{say("choose")}</Empty>
        )}
      </div>
    </div>
  );
}

function NewAccount({ onDone }: { onDone: (id: string) => void }) {
  const say = room.use();
  const { words } = useSaid();
  const [typed, type] = useState({ name: "", sign_in: "", phone: "" });
  const open = useSend("accounts");
  const set = (part: Partial<typeof typed>) => type({ ...typed, ...part });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        open.mutate(
          { path: "/v1/accounts", body: { ...typed, phone: typed.phone || null }, key: crypto.randomUUID() },
          { onSuccess: (found) => onDone((found as Account).id) },
        );
      }}
    >
      <h2>{say("openNew")}</h2>
      <Field label={say("name")} required maxLength={80} value={typed.name} onChange={(event) => set({ name: event.target.value })} />
      <Field label={say("signIn")} required maxLength={200} value={typed.sign_in} onChange={(event) => set({ sign_in: event.target.value })} />
      <Field label={say("phone")} type="tel" value={typed.phone} onChange={(event) => set({ phone: event.target.value })} />
      {open.error && <Notice tone="wrong">{told(open.error, words)}</Notice>}
      <div className={css.bar}>
        <Button type="submit" tone="loud" disabled={open.isPending}>
          {say("save")}
        </Button>
        <Button onClick={() => onDone("")}>{say("cancel")}</Button>
      </div>
    </form>
  );
}
