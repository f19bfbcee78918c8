/** The first page: one loud button, what waits for me, what is known around here, what was done. */
import { callOf, route } from "@/lib/paths";
import { type ChangeEvent, useRef } from "react";
import { Link } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { useDraft } from "@/offline";
import { ButtonLink } from "@/ui/ui";
import { rounded, useCity } from "./data";
import { begun, DRAFT, EMPTY, type ReportDraft } from "./draft";
import { useElder } from "./elder";
import { asksForWord, grouped } from "./follow";
import { useHere } from "./here";
import { CameraIcon, PhoneIcon } from "./icons";
import { useMine } from "./mine";
import { LastWeek } from "./around/LastWeek";
import { OpenHere } from "./around/OpenHere";
import { handOver } from "./reporting/taken";
import css from "./resident.module.css";
import { useTrails } from "./trails";
import { Waiting } from "./Waiting";
import { resident } from "./words";

export function Home() {
  const say = resident.use();
  const city = useCity();
  const elder = useElder();
  const { here } = useHere(city);
  const draft = useDraft<ReportDraft>(DRAFT, EMPTY);
  const [, go] = useHashLocation();
  const camera = useRef<HTMLInputElement>(null);

  const taken = (event: ChangeEvent<HTMLInputElement>) => {
    handOver([...(event.target.files ?? [])]);
    event.target.value = "";
    go("/report");
  };
  return (
    <>
      <h1>{say("hello")}</h1>
      <div className={css.stack}>
        <input ref={camera} type="file" accept="image/*" capture="environment" hidden onChange={taken} aria-hidden="true" tabIndex={-1} data-testid="camera" />
        <button type="button" className={css.snap} onClick={() => camera.current?.click()}>
          <CameraIcon />
          {say("snap")}
        </button>
        {draft.known && begun(draft.value) ? (
          <ButtonLink href="#/report">{say("goOn")}</ButtonLink>
        ) : (
          <Link href="/report" className={css.centred}>
            {say("noPhoto")}
          </Link>
        )}
        <Link href="/answers" className={css.centred}>
          {say("answers")}
        </Link>
        {elder && city?.service_phone && (
          <a className={css.callButton} href={callOf(city.service_phone)}>
            <PhoneIcon />
            {say("call", { phone: city.service_phone })}
          </a>
        )}
      </div>
      <Waiting />
      <WantsWord />
      <OpenHere at={rounded(here)} radius_m={500} most={3} />
      <LastWeek at={rounded(here)} radius_m={2000} most={3} />
    </>
  );
}

/** Reports of mine that are done, and about which the city asks me. */
function WantsWord() {
  const say = resident.use();
  const { mine } = useMine();
  const { trails } = useTrails(mine.map((each) => each.code));
  const asking = mine.filter((each) => {
    const trail = trails[each.code];
    return trail && asksForWord(trail);
  });
  if (asking.length === 0) return null;
  return (
    <section aria-labelledby="word">
      <h2 id="word">{say("askedForWord")}</h2>
      <ul className={css.list}>
        {asking.map((each) => (
          <li key={each.code}>
            <Link href={route`/mine/${each.code}`} className={css.asking}>
              {say("askedForWordDo", { title: each.title || grouped(each.code) })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
