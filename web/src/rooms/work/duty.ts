/** The phone's side of duty: signs on and off, with or without a network, and notes where it is in between. */
import { route } from "@/lib/paths";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { changeShelf, drop, enqueue, freshKey, onShelf, toShelf, useOutbox } from "@/offline";
import type { WorkScreen } from "./data";
import type { Spot } from "./near";
import { due, type LocalShift, noted, shiftAfter, type TrackPoint } from "./shift";
import { work } from "./words";

const CHAIN = "duty";
const LOOK_MS = 5_000;

export interface Duty {
  shift: LocalShift | null;
  known: boolean;
  signOn: (post: string) => Promise<void>;
  signOff: () => Promise<void>;
}

/** Drives the shift of an account. `every_s` between two positions, as the city's pack says; until it is known nothing is noted. */
export function useDutyDriver(account: string, screen: WorkScreen | undefined, here: Spot | null, every_s: number | undefined): Duty {
  const [shift, setShift] = useState<LocalShift | null>(null);
  const [known, setKnown] = useState(false);
  const outbox = useOutbox("duty");
  const client = useQueryClient();
  const shelf = `work.shift.${account}`;
  const track = `work.track.${account}`;
  const place = useRef(here);
  const over = useRef<string | null>(null); // the shift that ended here; the screen may still tell of it
  useEffect(() => {
    place.current = here;
  }, [here]);

  const keep = useCallback(
    (next: LocalShift | null) => {
      setShift(next);
      void toShelf(shelf, next).catch(() => undefined);
    },
    [shelf],
  );

  useEffect(() => {
    if (!account) return;
    void onShelf<LocalShift | null>(shelf)
      .then((kept) => setShift(kept ?? null))
      .catch(() => undefined)
      .finally(() => setKnown(true));
  }, [account, shelf]);

  // the server knows of a shift that this phone does not: begun on another, or before its storage was emptied
  useEffect(() => {
    const there = screen?.shift;
    if (!known || shift || !there || there.id === over.current || outbox.length > 0) return;
    const adopted = { key: "", id: there.id, post: there.post, started_at: there.started_at, ended_at: null, end_key: null };
    void toShelf(shelf, adopted).then(() => setShift(adopted), () => undefined);
  }, [known, shift, screen?.shift, outbox.length, shelf]);

  useEffect(() => {
    if (!shift) return;
    const next = shiftAfter(shift, outbox);
    if (next?.id === shift.id && next) return;
    if (!next) over.current = shift.id;
    void toShelf(shelf, next)
      .then(() => setShift((now) => now && shiftAfter(now, outbox))) // who signed off meanwhile stays off
      .then(() => client.invalidateQueries({ queryKey: ["work"] }))
      .catch(() => undefined);
  }, [shift, outbox, shelf, client]);

  useEffect(() => {
    for (const each of outbox) if (each.state === "sent" && each.id !== shift?.key) void drop(each.id);
  }, [outbox, shift?.key]);

  const sendTrack = useCallback(
    async (id: string, ends: boolean) => {
      let mine: TrackPoint[] = [];
      await changeShelf<TrackPoint[]>(track, (before = []) => {
        mine = due(before, Date.now(), ends) ? before : [];
        return mine.length > 0 ? [] : before;
      });
      if (mine.length > 0)
        await enqueue({
          kind: "duty", title: work.say("myTrack"), path: route`/v1/duty/shifts/${id}/track`, account, chain: CHAIN,
          body: { json: { positions: mine } },
        }); // prettier-ignore
    },
    [track, account],
  );

  // while on duty: note where the phone is, send some at once; after signing off without a network: tell the end
  useEffect(() => {
    if (!shift) return undefined;
    const look = async () => {
      const spot = place.current;
      if (spot && every_s && !shift.ended_at) await changeShelf<TrackPoint[]>(track, (before = []) => noted(before, spot, Date.now(), every_s));
      if (!shift.id) return;
      await sendTrack(shift.id, shift.ended_at !== null);
      if (shift.ended_at && !shift.end_key) keep({ ...shift, end_key: await tellEnd(account, shift.id, shift.ended_at) });
    };
    const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
    void look().catch(() => undefined);
    return () => clearInterval(timer);
  }, [shift, track, every_s, sendTrack, keep, account]);

  const signOn = useCallback(
    async (post: string) => {
      const at = new Date().toISOString();
      const key = freshKey();
      await toShelf(track, []);
      keep({ key, id: null, post, started_at: at, ended_at: null, end_key: null });
      await enqueue({
        id: key, kind: "duty", title: work.say("signOn"), path: "/v1/duty/shifts", account, chain: CHAIN, body: { json: { post, at } },
      }); // prettier-ignore
    },
    [account, keep, track],
  );

  const signOff = useCallback(async () => {
    if (!shift) return;
    const at = new Date().toISOString();
    if (!shift.id) return keep({ ...shift, ended_at: at });
    await sendTrack(shift.id, true);
    keep({ ...shift, ended_at: at, end_key: await tellEnd(account, shift.id, at) });
  }, [shift, keep, sendTrack, account]);

  return { shift: shift?.ended_at ? null : shift, known, signOn, signOff };
}

/** Put the end into the outbox, behind the track. */
async function tellEnd(account: string, id: string, at: string): Promise<string> {
  const item = await enqueue({
    kind: "duty", title: work.say("signOff"), path: route`/v1/duty/shifts/${id}/end`, account, chain: CHAIN, body: { json: { at } },
  }); // prettier-ignore
  return item.id;
}
