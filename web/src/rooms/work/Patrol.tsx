/** Patrol: sign on, the day's grid, where I am in it, and my own track, which nobody else reads. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/api/client";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment, timeOf } from "@/lib/dates";
import { enqueue } from "@/offline";
import { Button, Coming, Notice, Select } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type ShiftView, useDuty, useGrid } from "./data";
import { GridMap } from "./GridMap";
import { usePress } from "./press";
import { mayI, useRoom } from "./room";
import type { LocalShift } from "./shift";
import css from "./work.module.css";
import { work } from "./words";

export function Patrol() {
  const say = work.use();
  const { screen, duty, place } = useRoom();
  const language = useLanguage();
  const able = mayI(screen, "duty.sign");
  const asked = useDuty(able);
  const grid = useGrid(able).data;
  const [shown, setShown] = useState<string | null>(null);
  const posts = (screen?.me.posts ?? []).filter((post) => asked.data?.plans.some((plan) => plan.post === post.id) ?? true);
  const [post, setPost] = useState("");
  const chosen = post || posts[0]?.id || "";
  const plan = asked.data?.plans.find((each) => each.post === chosen);
  const outside = screen?.shift?.outside_since;
  const track = useTrack(shown);
  const { press, wrong } = usePress();
  if (!screen) return <Coming says={say("loading")} />;
  return (
    <>
      <h1 className="unseen">{say("patrol")}</h1>
      <GridMap geometry={grid?.geometry ?? null} here={place.here} track={track.data ?? []} />
      <section className={css.duty} aria-label={say("patrol")}>
        {duty.shift ? (
          <>
            <p className={css.big}>
              ● {say("onDuty")} · {say("since", { at: moment(duty.shift.started_at) })}
            </p>
            {place.state !== "there" && <Notice tone="wrong">{say("notTracking")}</Notice>}
            {outside && <Notice tone="wrong">{say("outside", { at: moment(outside) })}</Notice>}
            <Button
              onClick={() => {
                if (confirm(say("signOffSure"))) press(duty.signOff);
              }}
            >
              {say("signOff")}
            </Button>
          </>
        ) : (
          <>
            {duty.over && <Over shift={duty.over} why={asked.data?.shifts.find((each) => each.id === duty.over?.id)} onUnderstood={() => press(duty.understood)} />}
            <p className={css.big}>{plan?.begins && plan.ends ? say("planned", { from: timeOf(plan.begins), to: timeOf(plan.ends) }) : plan?.planned ? say("dayOff") : say("unplanned")}</p>
            {posts.length > 1 && (
              <Select label={say("asPost")} value={chosen} choices={posts.map((each) => [each.id, each.words] as const)} onChange={(event) => setPost(event.target.value)} />
            )}
            <Button
              tone="loud"
              onClick={() => {
                place.locate();
                press(() => duty.signOn(chosen));
              }}
            >
              {say("signOn")}
            </Button>
          </>
        )}
        {wrong && <Notice tone="wrong">{wrong}</Notice>}
        {grid?.grid && <p>{say("grid", { grid: grid.grid })}</p>}
        {duty.shift && asked.data && (
          <p className={css.quiet}>
            {asked.data.seen.length === 0 ? say("seenByNobody") : say("seenBy", { who: asked.data.seen.map((each) => `${named(each.name, language) || each.post} ${timeOf(each.at)}`).join("、") })}
          </p>
        )}
        {asked.data && <p className={css.quiet}>{say("tracking", { s: asked.data.track_every_s, days: asked.data.track_days })}</p>}
      </section>
      <section>
        <h2>{say("shifts")}</h2>
        {asked.data?.shifts.length === 0 && <p className={css.quiet}>{say("noShifts")}</p>}
        <ol className={css.list}>
          {(asked.data?.shifts ?? []).map((shift) => (
            <Shift key={shift.id} shift={shift} open={shown === shift.id} onOpen={() => setShown(shown === shift.id ? null : shift.id)} wrong={shown === shift.id && track.isError ? track.error : null} />
          ))}
        </ol>
      </section>
    </>
  );
}

function useTrack(shift: string | null) {
  return useQuery({
    queryKey: ["work", "track", shift],
    enabled: shift !== null,
    queryFn: async () => (await data(api.GET("/v1/duty/shifts/{shift_id}/track", { params: { path: { shift_id: shift ?? "" } } }))).positions,
  });
}

/** The city ended the shift, and the phone finds out: why, until the person has read it. */
function Over({ shift, why, onUnderstood }: { shift: LocalShift; why: ShiftView | undefined; onUnderstood: () => void }) {
  const say = work.use();
  const code = useCode();
  return (
    <Notice tone="wrong">
      <p>
        {say("shiftOver", { from: moment(shift.started_at) })}
        {why?.ended_at ? say("shiftOverAt", { at: moment(why.ended_at), why: code(`duty.reason.${why.ended_for}`) }) : ""}
      </p>
      <Button onClick={onUnderstood}>{say("understood")}</Button>
    </Notice>
  );
}

function Shift({ shift, open, onOpen, wrong }: { shift: ShiftView; open: boolean; onOpen: () => void; wrong: unknown }) {
  const say = work.use();
  const code = useCode();
  const { words } = useSaid();
  const { account } = useRoom();
  const { press, wrong: unkept } = usePress();
  const ask = () =>
    press(() => enqueue({ kind: "work", title: say("askErase"), path: route`/v1/duty/shifts/${shift.id}/erasure`, body: null, account, id: `erase.${shift.id}` }));
  return (
    <li className={css.waiting} data-shift={shift.id}>
      <b>
        {moment(shift.started_at)} – {shift.ended_at ? timeOf(shift.ended_at) : say("onDuty")}
      </b>
      <span className={css.quiet}>
        {shift.ended_for ? code(`duty.reason.${shift.ended_for}`) : ""}
        {shift.erased ? ` · ${say("erased")}` : shift.first_at && shift.last_at ? ` · ${say("points", { n: shift.positions, from: timeOf(shift.first_at), to: timeOf(shift.last_at) })}` : ""}
      </span>
      <div className={css.others}>
        {!shift.erased && (
          <Button aria-expanded={open} onClick={onOpen}>
            {say("myTrack")}
          </Button>
        )}
        {!shift.is_open && !shift.erased && shift.positions > 0 && (shift.erasure_asked_at ? <span className={css.quiet}>{say("askedErase")}</span> : <Button onClick={ask}>{say("askErase")}</Button>)}
      </div>
      {open && !wrong && <p className={css.quiet}>{shift.positions > 0 || shift.is_open ? say("drawn") : say("noTrack")}</p>}
      {wrong ? <Notice tone="wrong">{told(wrong, words)}</Notice> : null}
      {unkept && <Notice tone="wrong">{unkept}</Notice>}
    </li>
  );
}
