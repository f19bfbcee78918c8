/** The clocks that run out next. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import { type LampColour, Lamp } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { nameIn, type Wall } from "./api";
import { Title } from "./Board";
import css from "./board.module.css";
import { left } from "./shape";
import { board } from "./words";

export function Clocks({ wall }: { wall: Wall }) {
  const say = board.use();
  const language = useLanguage();
  return (
    <section className={css.clocks} aria-label={say("clocks")}>
      <Title>{say("clocks")}</Title>
      {wall.clocks.length === 0 && <p className={css.nothing}>{say("clocksNone")}</p>}
      <ol>
        {wall.clocks.map((each) => (
          <li key={each.id}>
            <Link href={route`/console?case=${each.id}`}>
              <Lamp colour={(each.clock?.lamp ?? "grey") as LampColour} says={say((each.clock?.lamp ?? "grey") as "red")} />
              <span className={css.what}>
                {nameIn(wall.names, each.class_key, language)}
                <small>{[nameIn(wall.names, each.street, language), nameIn(wall.names, each.unit, language)].filter(Boolean).join(" · ")}</small>
              </span>
              <b>{each.clock && left((Date.parse(each.clock.due) - Date.parse(wall.at)) / 1000, language)}</b>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
