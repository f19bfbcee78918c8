/** A case of which a report has the words or a photo of earlier ones. */
import { Link } from "wouter";
import { asking } from "@/lib/address";
import { moment } from "@/lib/dates";
import type { Screen } from "./api";
import css from "./console.module.css";
import { room } from "./words";

/** What stood in earlier reports already: a hint for who decides. */
export function Copies({ screen, asked }: { screen: Screen; asked: Record<string, string> }) {
  const say = room.use();
  if (screen.copies.length === 0) return null;
  return (
    <section className={css.proposal} data-copies>
      <h2>{say("copies")}</h2>
      <ol>
        {screen.copies.map((copy) => (
          <li key={copy.what} data-copy={copy.what}>
            <p>
              <b>{copy.says}</b>
            </p>
            {copy.cases.map((one) => (
              <p key={one.case}>
                {one.is_own ? (
                  <span>{say("copyOwn")}</span>
                ) : (
                  <Link href={`/console${asking(asked, { case: one.case })}`}>
                    {one.title} {one.number}
                  </Link>
                )}{" "}
                <span className={css.chip}>{one.state}</span> <time dateTime={one.opened_at}>{moment(one.opened_at)}</time>
              </p>
            ))}
          </li>
        ))}
      </ol>
      <p className={css.quiet}>{say("copiesHint")}</p>
    </section>
  );
}
