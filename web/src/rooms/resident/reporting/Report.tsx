/** The form: photos, where, what, send. Kept at every change, sent once, also without a network. */
import { lazy, Suspense, useEffect, useState } from "react";
import { useHashLocation } from "wouter/use-hash-location";
import { type Change, enqueue, freshKey, sendLater, StorageFull, useDraft } from "@/offline";
import { Button, Coming, Field, Notice } from "@/ui/ui";
import { OpenHere } from "../around/OpenHere";
import { rounded, useCatalogue, useCity } from "../data";
import { begun, bodyOf, DRAFT, EMPTY, type ReportDraft } from "../draft";
import { allowed, locate } from "../here";
import { REPORT } from "../mine";
import css from "../resident.module.css";
import { resident } from "../words";
import { Scanned } from "./Scanned";
import { Photos } from "./Photos";
import { Sent } from "./Sent";
import { What } from "./What";
import { Where } from "./Where";

const Maybe = lazy(() => import("../answers/Maybe"));
const SAME_M = 150;

/** `thing`: the code on a thing that was scanned. */
export function Report({ thing }: { thing?: string }) {
  const say = resident.use();
  const city = useCity();
  const { kind } = useCatalogue();
  const [, go] = useHashLocation();
  const draft = useDraft<ReportDraft>(DRAFT, EMPTY);
  const [sent, setSent] = useState<string | null>(null);
  const [full, setFull] = useState(false);
  const [busy, setBusy] = useState(false);
  const { value, known } = draft;
  const { change } = draft;
  usePlaceAtOnce(known && !sent && !busy && !thing && !value.place, change);
  const keyless = begun(value) && !value.id;
  useEffect(() => {
    if (keyless) change((now) => (now.id ? {} : { id: freshKey() }));
  }, [keyless, change]);

  if (sent) return <Sent id={sent} onForm={() => setSent(null)} />;
  if (!known) return <Coming says={say("loading")} />;

  const send = async () => {
    setBusy(true);
    setFull(false);
    const title = kind(value.class_key ?? "") || value.text.trim().slice(0, 30) || say("report");
    try {
      await enqueue({ id: value.id, kind: REPORT, title, path: "/v1/reports", body: bodyOf(value) }, DRAFT);
      void sendLater();
      draft.clear();
      setSent(value.id);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      setFull(true); // the draft is as it was
    } finally {
      setBusy(false);
    }
  };
  const clear = () => {
    if (!confirm(say("clearSure"))) return;
    draft.clear();
    go("/");
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (begun(value) && !busy && !draft.busy) void send();
      }}
    >
      <div className={css.row}>
        <h1>{say("report")}</h1>
        <a className={css.end} href="#/">
          {say("back")}
        </a>
      </div>
      {thing && (
        <Scanned
          tag={thing}
          draft={value}
          onThing={(part, anew) => {
            if (anew) draft.clear();
            change(part);
            go("/report", { replace: true });
          }}
          onLeave={() => go("/report", { replace: true })}
        />
      )}
      <Photos photos={value.photos} most={city?.photos_max ?? 3} bytes_most={city?.photo_bytes_max ?? 5_000_000} onChange={(how) => draft.step("photos", how)} />
      <Where place={value.place} address={value.address} onChange={change} />
      <OpenHere at={rounded(value.place)} radius_m={SAME_M} most={3} form />
      <Suspense>
        <Maybe text={value.text} />
      </Suspense>
      <What text={value.text} class_key={value.class_key} at={rounded(value.place)} chars_most={city?.text_chars_max ?? 2000} onChange={change} />
      <Field label={say("contact")} hint={say("phoneHint")} type="tel" inputMode="tel" autoComplete="tel" value={value.phone} onChange={(event) => change({ phone: event.target.value })} />
      <div className={css.sendBar}>
        {(full || draft.full) && <Notice tone="wrong">{say("full")}</Notice>}
        {!value.place && begun(value) && <p className={css.quiet}>{say("placeless")}</p>}
        <div className={css.row}>
          <Button type="submit" tone="loud" className={css.grow} disabled={busy} why={!begun(value) ? say("needSomething") : draft.busy ? say("gettingReadyDo") : null}>
            {say(busy ? "sending" : begun(value) && draft.busy ? "gettingReady" : "send")}
          </Button>
        </div>
        <div className={css.row}>
          <p className={css.quiet} role="status">
            {!begun(value) ? say("needSomething") : draft.busy ? say("gettingReadyDo") : !draft.full && say("kept")}
          </p>
          {begun(value) && (
            <button type="button" className={`${css.plain} ${css.end}`} onClick={clear}>
              {say("clear")}
            </button>
          )}
        </div>
      </div>
    </form>
  );
}

/** Where the phone may be asked without a question, the place is there before anybody looks for it. */
function usePlaceAtOnce(wanted: boolean, onPlace: (what: Promise<Change<ReportDraft>>) => void): void {
  useEffect(() => {
    if (wanted) onPlace(placeAtOnce());
    // once for a form that opens without a place
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
}

async function placeAtOnce(): Promise<Change<ReportDraft>> {
  const found = (await allowed()) ? await locate().catch(() => null) : null;
  return (now) => (found && !now.place ? { place: { ...found, how: "gps" } } : {});
}
