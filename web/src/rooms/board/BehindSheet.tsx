/** The cases behind a figure. */
import { route } from "@/lib/paths";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, ButtonLink, Empty, Lamp, type LampColour, Notice, Skeleton } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { nameIn, useBehind } from "./api";
import css from "./board.module.css";
import { consoleOf } from "./shape";
import { board } from "./words";

export interface Opened {
  key: string;
  name: string;
  count: number;
}

export function BehindSheet({ opened, close }: { opened: Opened; close: () => void }) {
  const say = board.use();
  const code = useCode();
  const { words } = useSaid();
  const language = useLanguage();
  const asked = useBehind(opened.key);
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    sheet.current?.showModal();
  }, []);
  const found = asked.data;
  const elsewhere = consoleOf(opened.key);
  const title = say("behind", { name: opened.name, n: found?.count ?? opened.count });
  return (
    <dialog ref={sheet} className={css.sheet} aria-label={title} onClose={close}>
      <header>
        <h2>{title}</h2>
        {elsewhere && <ButtonLink href={elsewhere}>{say("console")}</ButtonLink>}
        <Button onClick={() => sheet.current?.close()}>{say("close")}</Button>
      </header>
      {asked.isError && <Notice tone="wrong">{told(asked.error, words)}</Notice>}
      {!found && !asked.isError && <Skeleton rows={6} says={title} />}
      {found?.items.length === 0 && <Empty>{say("none")}</Empty>}
      {found && found.items.length < found.count && found.items.length > 0 && <p>{say("first", { n: found.items.length })}</p>}
      <ol>
        {found?.items.map((each) => (
          <li key={each.id}>
            <Link href={route`/console?case=${each.id}`}>
              {each.clock ? <Lamp colour={each.clock.lamp as LampColour} says={say(each.clock.lamp as "red")} /> : <span />}
              <span className={css.what}>
                {nameIn(found.names, each.class_key, language) || code(`state.${each.state}`)}
                <small>{[each.number, nameIn(found.names, each.street, language), nameIn(found.names, each.unit, language)].filter(Boolean).join(" · ")}</small>
              </span>
              <b>{code(`state.${each.state}`)}</b>
            </Link>
          </li>
        ))}
      </ol>
    </dialog>
  );
}
