/** The phone's side of duty: signs on and off, with or without a network, and notes where it is in between. */
import { cityNow } from "@/lib/clock";
import { route } from "@/lib/paths";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { changeShelf, drop, enqueue, freshKey, type Item, toShelf, useOutbox, useShelf } from "@/offline";
import type { WorkScreen } from "./data";
import type { Spot } from "./near";
import { due, isTaken, type LocalShift, noted, shiftNow, type TrackPoint } from "./shift";
import { work } from "./words";

const CHAIN = "duty";
const LOOK_MS = 5_000;

export interface Duty {
  shift: LocalShift | null;
  over: LocalShift | null; // the city ended it, and the person has not said that they know
  signOn: (post: string) => Promise<void>;
  signOff: () => Promise<void>;
  understood: () => Promise<void>;
}

/** Drives the shift of an account, which lies on the shelf, so that every tab shows the same. `every_s` between two positions, as
 * the city's pack says; until it is known nothing is noted. */
export function useDutyDriver(account: string, screen: WorkScreen | undefined, here: Spot | null, every_s: number | undefined): Duty {
  const outbox = useOutbox("duty");
  const client = useQueryClient();
  const shelf = `work.shift.${account}`;
  const track = `work.track.${account}`;
  const { value, keep } = useShelf<LocalShift | null>(shelf);
  const shift = value ?? null;
  const place = useRef(here);
  useEffect(() => {
    place.current = here;
  }, [here]);

  useEffect(() => {
    if (!account) return;
    void settle(shelf, outbox, screen)
      .then((turned) => (turned ? client.invalidateQueries({ queryKey: ["work"] }) : undefined))
      .catch(() => undefined);
  }, [account, shelf, outbox, screen, client]);

  // while on duty: note where the phone is, send some at once; after signing off, once there is a number: tell the end
  useEffect(() => {
    if (!shift || shift.over) return undefined;
    const look = async () => {
      const spot = place.current;
      if (spot && every_s && !shift.ended_at) await changeShelf<TrackPoint[]>(track, (before = []) => noted(before, spot, cityNow(), every_s));
      if (!shift.id) return;
      await sendTrack(account, track, shift.id, shift.ended_at !== null);
      if (shift.ended_at && !shift.end_key) await keep({ ...shift, end_key: await tellEnd(account, shift.id, shift.ended_at) });
    };
    const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
    void look().catch(() => undefined);
    return () => clearInterval(timer);
  }, [shift, track, every_s, keep, account]);

  const signOn = useCallback(
    async (post: string) => {
      const at = new Date(cityNow()).toISOString();
      const key = freshKey();
      try {
        await keep({ key, id: null, post, started_at: at, ended_at: null, end_key: null });
        await toShelf(track, []);
        await enqueue({
          id: key, kind: "duty", title: work.say("signOn"), path: "/v1/duty/shifts", account, chain: CHAIN, body: { json: { post, at } },
        }); // prettier-ignore
      } catch (error) {
        await keep(shift).catch(() => undefined);
        throw error;
      }
    },
    [account, keep, shift, track],
  );

  const signOff = useCallback(async () => {
    if (shift) await keep({ ...shift, ended_at: new Date(cityNow()).toISOString() });
  }, [shift, keep]);

  const understood = useCallback(async () => {
    if (shift) await keep({ ...shift, over: "here" });
  }, [shift, keep]);

  return useMemo(() => {
    const runs = shift && !shift.ended_at && !shift.over;
    return { shift: runs ? shift : null, over: shift?.over === "city" ? shift : null, signOn, signOff, understood };
  }, [shift, signOn, signOff, understood]);
}

/** Take what the outbox and the list of tasks say of the shift; then let go what has been taken. Answers whether it began or ended. */
async function settle(shelf: string, outbox: readonly Item[], screen: WorkScreen | undefined): Promise<boolean> {
  let turned = false;
  await changeShelf<LocalShift | null>(shelf, (before = null) => {
    const after = shiftNow(before, outbox, screen);
    turned = before?.id !== after?.id || before?.over !== after?.over;
    return after;
  });
  for (const each of outbox) if (isTaken(each)) await drop(each.id);
  return turned;
}

/** Put what was noted into the outbox, if it is time. */
async function sendTrack(account: string, track: string, id: string, ends: boolean): Promise<void> {
  let mine: TrackPoint[] = [];
  await changeShelf<TrackPoint[]>(track, (before = []) => {
    mine = due(before, cityNow(), ends) ? before : [];
    return mine.length > 0 ? [] : before;
  });
  if (mine.length > 0)
    await enqueue({
      kind: "duty", title: work.say("myTrack"), path: route`/v1/duty/shifts/${id}/track`, account, chain: CHAIN,
      body: { json: { positions: mine } },
    }); // prettier-ignore
}

/** Put the end into the outbox, behind the track; under one key, whichever tab is first. */
async function tellEnd(account: string, id: string, at: string): Promise<string> {
  const item = await enqueue({
    id: `end.${id}`, kind: "duty", title: work.say("signOff"), path: route`/v1/duty/shifts/${id}/end`, account, chain: CHAIN, body: { json: { at } },
  }); // prettier-ignore
  return item.id;
}
