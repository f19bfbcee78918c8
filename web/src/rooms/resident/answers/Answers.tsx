/** What the city answers: found by words, or the newest; each says who answers for it and until when it holds. */
import { callOf, route } from "@/lib/paths";
import { useState } from "react";
import { Link } from "wouter";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Field, Notice, Skeleton } from "@/ui/ui";
import { useCatalogue, useCity } from "../data";
import css from "../resident.module.css";
import { useSettled } from "@/lib/settled";
import { resident } from "../words";
import { type Answer, linked, useAnswer, useAnswers } from "./data";

export default function Answers({ id }: { id?: string }) {
  return id ? <One id={id} /> : <Many />;
}

function Many() {
  const say = resident.use();
  const { words } = useSaid();
  const [asked, ask] = useState("");
  const found = useAnswers(useSettled(asked.trim()), true);
  return (
    <>
      <h1>{say("answers")}</h1>
      <Field label={say("answersFind")} type="search" autoComplete="off" value={asked} onChange={(event) => ask(event.target.value)} />
      {found.isError && <Notice tone="wrong">{told(found.error, words)}</Notice>}
      {found.isPending && <Skeleton rows={4} says={say("loading")} />}
      {found.data && found.data.length === 0 && <Notice>{say("answersNone")}</Notice>}
      <ul className={css.list} aria-label={say("answers")}>
        {(found.data ?? []).map((each) => (
          <li key={each.id}>
            <Link href={route`/answers/${each.id}`} className={css.asking}>
              {each.title}
            </Link>
          </li>
        ))}
      </ul>
      <NotFound />
    </>
  );
}

function One({ id }: { id: string }) {
  const say = resident.use();
  const { words } = useSaid();
  const asked = useAnswer(id);
  return (
    <>
      {asked.isPending && <Skeleton rows={5} says={say("loading")} />}
      {asked.isError && (
        <>
          <h1>{say("answers")}</h1>
          <Notice tone="wrong">{told(asked.error, words)}</Notice>
        </>
      )}
      {asked.data && <Whole answer={asked.data} />}
      <p>
        <Link href="/answers">{say("answersAll")}</Link>
      </p>
      <NotFound />
    </>
  );
}

function Whole({ answer }: { answer: Answer }) {
  const say = resident.use();
  const { unit } = useCatalogue();
  return (
    <article>
      <h1>{answer.title}</h1>
      <p className={css.answer}>
        {linked(answer.text).map((part, n) =>
          part.href ? (
            <a key={n} href={part.href} rel="noreferrer">
              {part.says}
            </a>
          ) : (
            part.says
          ),
        )}
      </p>
      <p className={css.quiet}>{say("answersOwner", { unit: unit(answer.owner) || answer.owner, day: answer.valid_until })}</p>
    </article>
  );
}

/** It was no question after all, or nobody has answered it: report it, or call. */
function NotFound() {
  const say = resident.use();
  const city = useCity();
  return (
    <section aria-labelledby="otherwise">
      <h2 id="otherwise">{say("answersOtherwise")}</h2>
      <div className={css.row}>
        <Link href="/report">{say("report")}</Link>
        {city?.service_phone && <a href={callOf(city.service_phone)}>{say("call", { phone: city.service_phone })}</a>}
      </div>
    </section>
  );
}
