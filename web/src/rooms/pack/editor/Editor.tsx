/** The decision table of duties in the GoRules editor: rows set and moved in a draft, and checked when they are kept. */
import { route } from "@/lib/paths";
import "@gorules/jdm-editor/dist/style.css";
import { type Decision, DecisionTable, JdmConfigProvider } from "@gorules/jdm-editor";
import { useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { asking, useAsked } from "@/lib/address";
import { useDark } from "@/lib/theme";
import { Button, Notice, Skeleton } from "@/ui/ui";
import { dutiesOf, type Jdm, makeDraft, setDuties, useDraft, useSend } from "../data";
import css from "../pack.module.css";
import { Problems } from "../Problems";
import { columnSays } from "../saying";
import { pack } from "../words";
import { dress } from "./dress";

export default function Editor() {
  const say = pack.use();
  const { words } = useSaid();
  const [asked] = useAsked();
  const version = asked.draft ?? "current";
  const found = useQuery({ queryKey: ["packs", version, "jdm"], queryFn: () => dutiesOf(version), staleTime: Infinity });
  if (found.isLoadingError) return <Notice tone="wrong">{told(found.error, words)}</Notice>;
  if (!found.data) return <Skeleton rows={10} says={say("loading")} />;
  return <Opened key={version} jdm={found.data} draftId={asked.draft ?? ""} />;
}

function Opened({ jdm, draftId }: { jdm: Jdm; draftId: string }) {
  const say = pack.use();
  const { words } = useSaid();
  const { me } = useMe();
  const dark = useDark();
  const [path, go] = useLocation();
  const draft = useDraft(draftId);
  const table = jdm.nodes.find((node) => node.type === "decisionTableNode")?.content;
  const [content, setContent] = useState(table);
  const named = useMemo(() => content && withNames(content, columnSays), [content]);
  useEffect(() => dress(document.body), []); // its menus and questions hang below the body
  const names = useMemo(() => new Map([...(table?.inputs ?? []), ...(table?.outputs ?? [])].map((each) => [each.field, each.name])), [table]);
  const keep = useSend(async () => {
    const to = draft.data ?? (await makeDraft());
    const nodes = jdm.nodes.map((node) => (node.type === "decisionTableNode" ? { ...node, content } : node));
    const kept = await setDuties(to, { ...jdm, nodes });
    if (!draftId) go(`${path}${asking({ draft: kept.id })}`, { replace: true });
    return kept;
  });
  const why = may(me, "pack.propose") ? null : say("mayNot");
  return (
    <section className={css.stack} aria-label={say("duties")}>
      <div className={css.row}>
        <h2>{say("duties")}</h2>
        <Button tone="loud" why={why} onClick={() => keep.mutate(undefined)}>
          {say("save")}
        </Button>
        <Link href={`/pack/tables/duties${asking({ draft: draftId })}`}>{say("asRows")}</Link>
        {draftId && <Link href={route`/pack/drafts/${draftId}`}>{say("draft")}</Link>}
      </div>
      <p className={css.quiet}>{say("editorHint")}</p>
      {keep.isError && <Notice tone="wrong">{told(keep.error, words)}</Notice>}
      {draft.data && (draft.data.sound ? <Notice tone="good">{say("sound")}</Notice> : <Problems problems={draft.data.problems} />)}
      <div className={css.editor}>
        <JdmConfigProvider theme={{ mode: dark ? "dark" : "light", token: { colorPrimary: dark ? "#5cc2bf" : "#0b6e6e", fontFamily: "inherit" } }}>
          <DecisionTable value={named} onChange={(next) => setContent(withNames(next, (field) => names.get(field)))} disabled={!may(me, "pack.propose")} tableHeight="100%" permission="edit:rules" mountDialogsOnBody />
        </JdmConfigProvider>
      </div>
    </section>
  );
}

/** A table whose columns are called otherwise. */
function withNames(table: Decision, says: (field: string) => string | undefined): Decision {
  const called = <T extends { field: string; name?: string }>(each: T): T => ({ ...each, name: says(each.field) });
  return { ...table, inputs: table.inputs.map(called), outputs: table.outputs.map(called) };
}
