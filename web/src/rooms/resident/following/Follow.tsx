/** One report: how it stands, its clock, what happened, what I was told, and my word on the result. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { minutesUntil, moment, span } from "@/lib/dates";
import { useLanguage } from "@/words/words";
import { Button, Empty, Lamp, Notice, Skeleton } from "@/ui/ui";
import { PhotoPair } from "../around/PhotoPair";
import { useCatalogue } from "../data";
import { grouped, isOver, lampOf, nextOf, type Trail } from "../follow";
import { forget, useMine } from "../mine";
import { short } from "../photo";
import { useNow } from "../now";
import css from "../resident.module.css";
import { useTrails } from "../trails";
import { resident } from "../words";
import { Judge } from "./Judge";

export default function Follow({ code }: { code: string }) {
  const say = resident.use();
  const { words } = useSaid();
  const { mine } = useMine();
  const { trails, asOf, wait, error } = useTrails([code]);
  const [, go] = useHashLocation();
  const title = mine.find((each) => each.code === code)?.title;
  const trail = trails[code];
  return (
    <>
      <Link href="/mine">{say("back")}</Link>
      <h1>{title || say("report")}</h1>
      <p className={css.quiet}>
        {say("code")} <span className={css.mono}>{grouped(code)}</span>
      </p>
      {asOf && <Notice>{say("asOf", { at: moment(asOf) })}</Notice>}
      {wait && <Skeleton rows={4} says={say("loading")} />}
      {!!error && trail === undefined && <Notice tone="wrong">{told(error, words)}</Notice>}
      {trail === null && <Empty>{say("erased")}</Empty>}
      {trail && <Standing trail={trail} />}
      {trail?.judging && <Judge code={code} judging={trail.judging} />}
      {trail && <Way trail={trail} code={code} />}
      <div className={css.stack}>
        {trail && <Link href={route`/mine/${code}/receipt`}>{say("receipt")}</Link>}
        {trail !== undefined && <Button onClick={() => void forget(code).then(() => go("/mine"))}>{say("forget")}</Button>}
      </div>
    </>
  );
}

/** The clock and what comes next: what somebody looks for first. */
function Standing({ trail }: { trail: Trail }) {
  const say = resident.use();
  const code = useCode();
  const language = useLanguage();
  const { unit } = useCatalogue();
  const standing = code(`track.${trail.state}`);
  const now = useNow();
  const lamp = lampOf(trail.received_at, trail.due_at, now);
  const left = trail.due_at ? minutesUntil(trail.due_at, now) : 0;
  return (
    <section className={css.card} aria-label={say("now")}>
      <h2>
        {!isOver(trail) && <Lamp colour={lamp} says={standing} />} {standing}
      </h2>
      {trail.reason && <p>{code(`filing.reason.${trail.reason}`)}</p>}
      {trail.due_at && !isOver(trail) && <p>{say(left >= 0 ? "dueIn" : "dueOver", { at: moment(trail.due_at), left: span(left, language) })}</p>}
      {trail.unit && <p>{say("by", { unit: unit(trail.unit) })}</p>}
      <p>{code(nextOf(trail))}</p>
      {!!trail.redos && <p>{say("redone", { count: trail.redos })}</p>}
      {trail.number && <p className={css.quiet}>{say("number", { number: trail.number })}</p>}
    </section>
  );
}

function Way({ trail, code: tracking }: { trail: Trail; code: string }) {
  const say = resident.use();
  const code = useCode();
  const photos = trail.photos ?? [];
  const same = photos.filter((each) => each.hashed && each.sha256);
  return (
    <>
      {!!trail.replies?.length && (
        <section aria-labelledby="replies">
          <h2 id="replies">{say("replies")}</h2>
          <ul className={css.list}>
            {trail.replies.map((each) => (
              <li key={each.at} className={css.card}>
                <bdi>{each.text}</bdi>
                <span className={css.quiet}>{moment(each.at)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <PhotoPair photos={photos} code={tracking} />
      {same.length > 0 && (
        <p className={css.quiet} title={say("digestWhat")}>
          ✓ {say("hashedSame")}: {same.map((each) => short(each.sha256 ?? "")).join(", ")}
        </p>
      )}
      <section aria-labelledby="way">
        <h2 id="way">{say("timeline")}</h2>
        <ol className={css.way}>
          {trail.steps.map((each, n) => (
            <li key={`${each.at}${each.step}${n}`} aria-current={n === trail.steps.length - 1 ? "step" : undefined}>
              <b>{code(`track.step.${each.step}`)}</b>
              {each.reason && <span>{code(`filing.reason.${each.reason}`)}</span>}
              <time dateTime={each.at}>{moment(each.at)}</time>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
