/** Me: my own numbers, my posts, and how the page looks. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/api/client";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useSession } from "@/api/session";
import { moment } from "@/lib/dates";
import { type Theme, useTheme, wear } from "@/lib/theme";
import { useOutbox } from "@/offline";
import { Button, Notice, Select, Skeleton } from "@/ui/ui";
import { speak, tongue, useLanguage } from "@/words/words";
import { type MyFigures, useFigures } from "./data";
import { mayI, useRoom } from "./room";
import css from "./work.module.css";
import { work } from "./words";

const PERIODS = ["day", "week", "month"] as const;
type Period = (typeof PERIODS)[number];
export function Mine() {
  const say = work.use();
  const { screen } = useRoom();
  const [period, setPeriod] = useState<Period>("month");
  const counts = mayI(screen, "duty.sign");
  const asked = useFigures(period, counts);
  const { words } = useSaid();
  return (
    <>
      <h1 className="unseen">{say("mine")}</h1>
      {counts && (
        <section>
          <h2>{say("figures")}</h2>
          <div className={css.tools} role="group" aria-label={say("period")}>
            {PERIODS.map((each) => (
              <Button key={each} aria-pressed={period === each} onClick={() => setPeriod(each)}>
                {say(each)}
              </Button>
            ))}
          </div>
          {asked.isPending && <Skeleton says={say("loading")} rows={4} />}
          {asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
          <ul className={css.list}>
            {(asked.data?.figures ?? []).map((figure) => (
              <Number key={figure.metric} figure={figure} period={period} />
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{say("posts")}</h2>
        <ul className={css.plain}>
          {(screen?.me.posts ?? []).map((post) => (
            <li key={post.id}>
              {post.words.includes(post.unit_words) ? post.words : `${post.words} · ${post.unit_words}`}
            </li>
          ))}
        </ul>
      </section>
      <Looks />
    </>
  );
}

function Number({ figure, period }: { figure: MyFigures["figures"][number]; period: Period }) {
  const say = work.use();
  const [open, setOpen] = useState(false);
  return (
    <li className={css.figure}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>{figure.name}</span>
        <b>{figure.shown}</b>
        {figure.is_rate && <small>{say("madeOf", { n: figure.numerator, of: figure.denominator ?? 0 })}</small>}
      </button>
      {open && (
        <div className={css.formula}>
          <p>
            <b>{say("formula")}</b> {figure.formula}
          </p>
          <Cases metric={figure.metric} period={period} />
        </div>
      )}
    </li>
  );
}

function Cases({ metric, period }: { metric: string; period: Period }) {
  const say = work.use();
  const { words } = useSaid();
  const asked = useQuery({
    queryKey: ["work", "behind", metric, period],
    queryFn: () => data(api.GET("/v1/screens/work/figures/cases", { params: { query: { metric, period } } })),
  });
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  const items = asked.data?.items ?? [];
  if (asked.data && items.length === 0) return <p className={css.quiet}>{say("noCases")}</p>;
  return (
    <ul className={css.plain} aria-label={say("cases")}>
      {items.map((each) => (
        <li key={each.id}>
          {each.number ?? each.id.slice(0, 8)} · {moment(each.began_at)}
        </li>
      ))}
    </ul>
  );
}

function Looks() {
  const say = work.use();
  const language = useLanguage();
  const theme = useTheme();
  const { languages } = useSaid();
  const { leave } = useSession();
  const waiting = useOutbox().filter((each) => each.state !== "sent").length;
  return (
    <section className={css.looks}>
      <Select label={say("language")} value={language} choices={languages.map((each) => [each, tongue(each)] as const)} onChange={(event) => speak(event.target.value)} />
      <Select
        label={say("theme")}
        value={theme}
        choices={(["system", "light", "dark"] as const).map((each) => [each, say(each)] as const)}
        onChange={(event) => wear(event.target.value as Theme)}
      />
      {waiting > 0 && <Notice>{say("leaveWait", { n: waiting })}</Notice>}
      <Button onClick={() => void leave()}>{say("leave")}</Button>
    </section>
  );
}
