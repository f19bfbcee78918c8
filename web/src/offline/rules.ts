/** Pure decisions of the outbox: what may be sent now, what an answer means, when to try again. */

export interface Part {
  name: string;
  value?: string;
  bytes?: ArrayBuffer;
  type?: string;
  file?: string;
}

export type Body = { json: unknown } | { form: Part[] } | null;
export type ItemState = "waiting" | "sent" | "refused" | "conflict";

export interface Trouble {
  status: number;
  code: string;
  detail?: string;
  [more: string]: unknown;
}

/** A request that waits. `id` is its Idempotency-Key; `account` whose it is, "" nobody's. */
export interface Item {
  id: string;
  kind: string; // which part of a page shows it
  title: string; // what a person calls it
  account: string;
  method: string;
  path: string;
  body: Body;
  etag?: string; // the version that the person saw
  chain?: string; // items of one chain go in their order
  form?: { key: string; value: unknown }; // the draft that it was made of, until it is sent
  made_at: number;
  tries: number;
  next_at: number;
  state: ItemState;
  problem?: Trouble;
  answer?: unknown;
  sent_at?: number;
}

export type Outcome =
  | { is: "sent" }
  | { is: "again"; after_ms: number; problem: Trouble } // no answer, or one that may be another next time
  | { is: "wait"; problem: Trouble } // somebody must sign in first
  | { is: "refused"; problem: Trouble }
  | { is: "conflict"; problem: Trouble };

const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;
const PATIENCE_MS = 60_000;
const UPLINK_PER_MS = 20; // bytes: a slow line, and still one that arrives
export const OTHER_ACCOUNT = "session.other_account";

/** How long to wait after so many tries; `chance` in [0, 1) spreads those who lost the network together. */
export function pause_ms(tries: number, chance: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 12));
  return Math.round(most * (0.5 + chance / 2));
}

/** How long to wait for an answer: longer the more has to go up. */
export function patience_ms(body: Body): number {
  return PATIENCE_MS + Math.round(bytesOf(body) / UPLINK_PER_MS);
}

function bytesOf(body: Body): number {
  if (!body) return 0;
  if ("json" in body) return JSON.stringify(body.json).length;
  return body.form.reduce((sum, part) => sum + (part.bytes?.byteLength ?? part.value?.length ?? 0), 0);
}

/** What may go out now, in the order in which it was made. Nobody's items need nobody; an account's that account. */
export function ready(items: readonly Item[], account: string | null, now: number): Item[] {
  return going(items, (owner) => owner === "" || owner === account, now);
}

/** What would go out now if whoever made it were signed in. */
export function readyOnceIn(items: readonly Item[], now: number): Item[] {
  return going(items, () => true, now);
}

function going(items: readonly Item[], mine: (owner: string) => boolean, now: number): Item[] {
  const stopped = new Set<string>();
  const found: Item[] = [];
  for (const item of inOrder(items)) {
    if (item.state === "sent") continue;
    if (item.chain && stopped.has(item.chain)) continue;
    if (item.state === "waiting" && mine(item.account) && item.next_at <= now) found.push(item);
    else if (item.chain) stopped.add(item.chain); // what is behind waits for this one
  }
  return found;
}

/** The oldest first. */
export function inOrder(items: readonly Item[]): Item[] {
  return [...items].sort((one, other) => one.made_at - other.made_at || (one.id < other.id ? -1 : 1));
}

/** What an answer means for the item; `status` 0: none came. */
export function outcomeOf(problem: Trouble, tries: number, retry_after_s: number | null, chance: number): Outcome {
  const { status } = problem;
  if (status >= 200 && status < 300) return { is: "sent" };
  if (status === 401 || problem.code === OTHER_ACCOUNT) return { is: "wait", problem };
  if (status === 412 || status === 428) return { is: "conflict", problem };
  if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500)
    return { is: "again", problem, after_ms: Math.max((retry_after_s ?? 0) * 1000, pause_ms(tries, chance)) };
  return { is: "refused", problem };
}

/** The item after an outcome. */
export function after(item: Item, outcome: Outcome, now: number, answer?: unknown): Item {
  const tries = item.tries + 1;
  switch (outcome.is) {
    case "sent":
      return { ...item, tries, state: "sent", body: null, form: undefined, answer, problem: undefined, sent_at: now };
    case "again":
      return { ...item, tries, next_at: now + outcome.after_ms, problem: outcome.problem };
    case "wait":
      return { ...item, next_at: now, problem: outcome.problem };
    case "refused":
    case "conflict":
      return { ...item, tries, state: outcome.is, problem: outcome.problem };
  }
}

/** The item as a person sends it again: the same key where nothing was changed, so that it cannot act twice. */
export function againOf(item: Item, change: Partial<Pick<Item, "body" | "etag" | "path">>, fresh: string): Item {
  const changed = change.body !== undefined || change.path !== undefined;
  return { ...item, ...change, id: changed ? fresh : item.id, state: "waiting", next_at: 0, problem: undefined };
}

/** What was done after `sent` to the same thing as it stood then: it goes on from the version that `sent` made of it. */
export function following(items: readonly Item[], sent: Item, etag: string): Item[] {
  if (!sent.chain || !sent.etag) return [];
  const same = (each: Item) => each.id !== sent.id && each.chain === sent.chain && each.etag === sent.etag;
  return items.filter((each) => each.state === "waiting" && same(each)).map((each) => ({ ...each, etag }));
}
