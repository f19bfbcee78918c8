/** My reports: how each stands, and those of another phone by their code. */
import { route } from "@/lib/paths";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { useCode, useSaid } from "@/api/codes";
import { api, data } from "@/api/client";
import { told } from "@/api/errors";
import { moment } from "@/lib/dates";
import { Button, Empty, Field, Lamp, Notice, Skeleton } from "@/ui/ui";
import { asksForWord, grouped, isOver, lampOf, type Trail } from "../follow";
import { type Mine as Own, remember, useMine } from "../mine";
import { useNow } from "../now";
import css from "../resident.module.css";
import { useTrails } from "../trails";
import { Waiting } from "../Waiting";
import { resident } from "../words";

export default function Mine() {
  const say = resident.use();
  const { mine, known } = useMine();
  const { words } = useSaid();
  const { trails, asOf, wait, error } = useTrails(mine.map((each) => each.code));
  return (
    <>
      <h1>{say("mineTitle")}</h1>
      <Waiting />
      {asOf && <Notice>{say("asOf", { at: moment(asOf) })}</Notice>}
      {!!error && <Notice tone="wrong">{told(error, words)}</Notice>}
      {(!known || wait) && <Skeleton rows={3} says={say("loading")} />}
      {known && mine.length === 0 && <Empty>{say("mineNone")}</Empty>}
      <ul className={css.list}>
        {mine.map((each) => (
          <Line key={each.code} mine={each} trail={trails[each.code]} />
        ))}
      </ul>
      <Find />
    </>
  );
}

function Line({ mine, trail }: { mine: Own; trail: Trail | null | undefined }) {
  const say = resident.use();
  const code = useCode();
  const now = useNow();
  const standing = trail ? code(`track.${trail.state}`) : trail === null ? say("erased") : "";
  return (
    <li className={css.card}>
      <Link href={route`/mine/${mine.code}`} className={css.cardLink}>
        {trail && !isOver(trail) && <Lamp colour={lampOf(trail.received_at, trail.due_at, now)} says={standing} />}
        <b>{mine.title || grouped(mine.code)}</b>
        <span className={css.quiet}>{moment(mine.at)}</span>
        <span>{standing}</span>
        {trail && asksForWord(trail) && <span className={css.asks}>{say("askedForWord")}</span>}
      </Link>
    </li>
  );
}

function Find() {
  const say = resident.use();
  const [, go] = useHashLocation();
  const [wrong, setWrong] = useState<string | null>(null);
  const look = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const asked = String(new FormData(event.currentTarget).get("code"));
    const plain = asked.toUpperCase().replace(/[^0-9A-Z]/g, "");
    setWrong(null);
    try {
      const [found] = await data(api.POST("/v1/track", { body: { codes: [plain] } }));
      if (!found?.trail) return setWrong(say("codeUnknown"));
      await remember({ code: plain, title: "", at: found.trail.received_at, id: plain });
      go(route`/mine/${plain}`);
    } catch {
      setWrong(say("offline"));
    }
  };
  return (
    <form className={css.group} onSubmit={(event) => void look(event)}>
      <h2>{say("find")}</h2>
      <Field label={say("code")} name="code" hint={say("codeHint")} wrong={wrong} autoCapitalize="characters" autoComplete="off" required maxLength={20} />
      <Button type="submit">{say("look")}</Button>
    </form>
  );
}
