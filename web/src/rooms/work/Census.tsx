/** Census: what stands around me in the register, what of it is wrong, and what became of what I said. */
import { route } from "@/lib/paths";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data, send } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { enqueue } from "@/offline";
import { Button, Empty, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { CensusForm, type Wanted } from "./CensusForm";
import { type ChangeView, type ComponentView, useAround } from "./data";
import { metres } from "./near";
import { usePress } from "./press";
import { mayI, useRoom } from "./room";
import css from "./work.module.css";
import { work } from "./words";

const REASONS = ["not_so", "not_seen", "known", "wrong_class", "wrong_owner"];

export function Census() {
  const say = work.use();
  const { screen, place } = useRoom();
  const { words } = useSaid();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const around = useAround(place.here ? round(place.here.lon) : undefined, place.here ? round(place.here.lat) : undefined);
  if (wanted) return <CensusForm wanted={wanted} onClose={() => setWanted(null)} />;
  const proposes = mayI(screen, "census.propose");
  return (
    <>
      <h1>{say("census")}</h1>
      {mayI(screen, "census.approve") && <Changes which="decide" />}
      {proposes && (
        <section>
          <div className={css.tools}>
            <Button onClick={place.locate}>◎ {say(place.state === "looking" ? "locating" : "locate")}</Button>
            <Button tone="loud" onClick={() => setWanted({ kind: "add", component: null })}>
              ＋ {say("add")}
            </Button>
          </div>
          {place.state === "denied" && <Notice tone="wrong">{say("noPlace")}</Notice>}
          <h2>{say("around")}</h2>
          {around.isError && <Notice tone="wrong">{told(around.error, words)}</Notice>}
          {!place.here && !around.isError && <p className={css.quiet}>{say("aroundWhere")}</p>}
          {around.data?.length === 0 && <Empty>{say("aroundNone")}</Empty>}
          <ul className={css.list}>
            {(around.data ?? []).slice(0, 40).map((each) => (
              <Component key={each.code} component={each} onWant={(kind) => setWanted({ kind, component: each })} />
            ))}
          </ul>
        </section>
      )}
      {proposes && <Changes which="mine" />}
    </>
  );
}

/** Some ten metres: so that standing still asks once. */
function round(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}

function Component({ component, onWant }: { component: ComponentView; onWant: (kind: Wanted["kind"]) => void }) {
  const say = work.use();
  const code = useCode();
  const language = useLanguage();
  const print = async () => {
    await send("POST", "/v1/components/tags", { components: [component.code] });
    location.assign(route`/components/sheet?code=${component.code}`);
  };
  return (
    <li>
      <details className={css.thing}>
        <summary>
          <b>{named(component.class_name, language) || component.class_key}</b>
          <span className={css.quiet}>
            {component.metres != null && `${say("metres", { m: Math.round(component.metres) })} · `}
            {code(`component.state.${component.state}`)} · {say("code", { code: component.code })}
          </span>
        </summary>
        <div className={css.others}>
          {(["change", "move", "retire"] as const).map((kind) => (
            <Button key={kind} onClick={() => onWant(kind)}>
              {say(kind)}
            </Button>
          ))}
          <Button onClick={() => void print()}>{say("makeTag")}</Button>
        </div>
      </details>
    </li>
  );
}

function useChanges(which: "mine" | "decide") {
  const query = which === "mine" ? { mine: true } : { proposal: "proposed" as const };
  return useInfiniteQuery({
    queryKey: ["work", "changes", which],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => data(api.GET("/v1/components/changes", { params: { query: { ...query, after: pageParam } } })),
    getNextPageParam: (page) => page?.next ?? undefined,
  });
}

function Changes({ which }: { which: "mine" | "decide" }) {
  const say = work.use();
  const { words } = useSaid();
  const asked = useChanges(which);
  const items = (asked.data?.pages.flatMap((page) => page?.items ?? []) ?? []).filter((each) => which === "mine" || each.decides);
  return (
    <section>
      <h2>{say(which === "mine" ? "proposals" : "toDecide")}</h2>
      {asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
      {asked.data && !asked.hasNextPage && items.length === 0 && <p className={css.quiet}>{say(which === "mine" ? "proposalsNone" : "none")}</p>}
      <ul className={css.list}>
        {items.map((each) => (
          <Change key={each.id} change={each} />
        ))}
      </ul>
      {asked.hasNextPage && (
        <Button disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {say("earlierOnes")}
        </Button>
      )}
    </section>
  );
}

function Change({ change }: { change: ChangeView }) {
  const say = work.use();
  const code = useCode();
  const language = useLanguage();
  const { account } = useRoom();
  const [reason, setReason] = useState("");
  const { press, wrong } = usePress();
  const act = (deed: string, label: string, json: unknown) =>
    press(() =>
      enqueue({
        kind: "census", title: `${label} · ${named(change.class_name, language) || change.becomes.class_key}`, account, etag: `"${change.no}"`,
        path: route`/v1/components/changes/${change.id}/${deed}`, body: json ? { json } : null, chain: `census/${change.id}`,
      }),
    ); // prettier-ignore
  const way = change.was && (change.was.lon !== change.becomes.lon || change.was.lat !== change.becomes.lat) ? Math.round(metres(change.was, change.becomes)) : null;
  return (
    <li className={css.waiting}>
      <b>
        {code(`census.kind.${change.kind}`)} · {named(change.class_name, language) || change.becomes.class_key}
      </b>
      <span className={css.quiet}>
        {code(`census.state.${change.state}`)} · {moment(change.proposed_at)}
        {change.component ? ` · ${say("code", { code: change.component })}` : ""}
        {way !== null ? ` · ${say("moved", { m: way })}` : ""}
      </span>
      <span>
        {code(`component.state.${change.becomes.state}`)} {change.note ? `· ${change.note}` : ""}
      </span>
      {change.refused_for && <Notice tone="wrong">{code(`census.reason.${change.refused_for}`)}</Notice>}
      {change.photos.length > 0 && (
        <div className={css.photos}>
          {change.photos.map((photo, n) => (
            <a key={photo.thumb} href={photo.shown} target="_blank" rel="noreferrer">
              <img src={photo.thumb} alt={`${say("photos")} ${n + 1}`} />
            </a>
          ))}
        </div>
      )}
      {change.decides && (
        <div className={css.others}>
          <Button tone="loud" onClick={() => act("approval", say("approve"), null)}>
            {say("approve")}
          </Button>
          <Select label={say("reason")} value={reason} empty={say("choose")} choices={REASONS.map((each) => [each, code(`census.reason.${each}`)] as const)} onChange={(event) => setReason(event.target.value)} />
          <Button tone="danger" why={reason ? null : say("needed", { what: say("reason") })} onClick={() => act("refusal", say("refuse"), { reason })}>
            {say("refuse")}
          </Button>
        </div>
      )}
      {change.mine && change.state === "proposed" && <Button onClick={() => act("withdrawal", say("withdraw"), null)}>{say("withdraw")}</Button>}
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
    </li>
  );
}
