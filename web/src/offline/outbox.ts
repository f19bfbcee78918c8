/** The outbox: what waits is put in, sent once, settled by a person where the city says no, and taken out by the page. */
import { heard } from "@/lib/clock";
import { device, written } from "./db";
import { isJotted, take, unjot } from "./drafts";
import { alone } from "./only";
import { after, againOf, type Body, following, type Item, inOrder, outcomeOf, patience_ms, ready, readyOnceIn, type Trouble } from "./rules";

export interface Asked {
  kind: string;
  title: string;
  method?: string;
  path: string;
  body: Body;
  account?: string;
  etag?: string;
  chain?: string;
  id?: string; // a key of one's own, where the same deed has the same key
}

const ACCOUNT_MS = 10_000; // what waits must not wait long for who is there
const TOLD = "cityloop.outbox";
const channel = globalThis.BroadcastChannel ? new BroadcastChannel(TOLD) : null;
const listeners = new Set<() => void>();
channel?.addEventListener("message", () => listeners.forEach((each) => each()));

/** Be told when something in the outbox changed, here or in another tab. Answers how to stop. */
export function onOutbox(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  channel?.postMessage(1);
  listeners.forEach((each) => each());
}

/** A fresh key. */
export function freshKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID(); // only on secure pages
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** Put a request in, and take its draft away in the same step; then try to send. With what was filled in it can go back into its
 * form, should the city refuse it. Throws `StorageFull`. */
export async function enqueue(asked: Asked, draft?: string, filled?: unknown): Promise<Item> {
  const item: Item = {
    id: asked.id ?? freshKey(), kind: asked.kind, title: asked.title, account: asked.account ?? "",
    method: asked.method ?? "POST", path: asked.path, body: asked.body, etag: asked.etag, chain: asked.chain,
    form: draft && filled !== undefined ? { key: draft, value: filled } : undefined,
    made_at: Date.now(), tries: 0, next_at: 0, state: "waiting",
  }; // prettier-ignore
  if (draft) take(draft);
  const there = await written(async (db) => {
    const tx = db.transaction(["outbox", "draft"], "readwrite");
    const known = await tx.objectStore("outbox").get(item.id);
    const again = known && known.state !== "refused"; // pressed twice, or in two tabs: it is there already
    if (!again) await tx.objectStore("outbox").put(item);
    if (draft) await tx.objectStore("draft").delete(draft);
    await tx.done;
    return again ? known : item;
  });
  if (draft) unjot(draft);
  changed();
  sendSoon();
  return there;
}

/** Everything in it, the oldest first. */
export async function items(kind?: string): Promise<Item[]> {
  const all = await (await device()).getAll("outbox");
  return inOrder(kind ? all.filter((each) => each.kind === kind) : all);
}

/** Take one out: its answer was taken, or a person gave it up. */
export async function drop(id: string): Promise<void> {
  await written((db) => db.delete("outbox", id));
  changed();
}

/** Send one again that was refused or met a conflict, as a person changed it. */
export async function sendAgain(id: string, change: Partial<Pick<Item, "body" | "etag" | "path">> = {}): Promise<void> {
  await written(async (db) => {
    const tx = db.transaction("outbox", "readwrite");
    const item = await tx.store.get(id);
    if (item && item.state !== "sent") {
      const next = againOf(item, change, freshKey());
      if (next.id !== id) await tx.store.delete(id);
      await tx.store.put(next);
    }
    await tx.done;
  });
  changed();
  sendSoon();
}

/** Take one that was refused or met a conflict back into its form, `mend`ed. False, and nothing is changed, where the form holds
 * something else, unless it goes `over` that. Throws `StorageFull`. */
export async function backToForm(id: string, mend: (value: unknown) => unknown, over = false): Promise<boolean> {
  const back = await written(async (db) => {
    const tx = db.transaction(["outbox", "draft"], "readwrite");
    const [outbox, drafts] = [tx.objectStore("outbox"), tx.objectStore("draft")];
    const item = await outbox.get(id);
    const form = item && (item.state === "refused" || item.state === "conflict") ? item.form : undefined;
    const goes = form && (over || (!isJotted(form.key) && !(await drafts.get(form.key)))) ? form : null;
    if (goes) {
      await drafts.put({ key: goes.key, value: mend(goes.value), kept_at: Date.now() });
      await outbox.delete(id);
    }
    await tx.done;
    return goes;
  });
  if (back) unjot(back.key);
  changed();
  return back !== null;
}

/** What cannot be sent now is tried again later; whoever put it in need not know. */
function sendSoon(): void {
  void flush().catch(() => undefined);
}

/** Send what may go, each once a round. `now`: also what waits for its next try, as the network has just come back.
 * After the lock is given back it looks once more: somebody may have put something in who found it taken. */
export async function flush(now = false): Promise<void> {
  const tried = new Set<string>();
  let asked: Promise<string | null> | undefined;
  const account = () => (asked ??= accountNow()); // once a round
  do {
    const mine = await alone(async (renew) => {
      if (now) await hurry();
      now = false;
      for (let next = await first(tried, account); next && (await renew()); next = await first(tried, account)) {
        tried.add(next.id);
        await sendOne(next);
      }
    });
    if (!mine) return;
    asked = undefined; // somebody may have signed in since
  } while (await first(tried, account));
}

/** The next to go: nobody's before anybody's, so that it need not wait for who is there; that is asked only where it matters. */
async function first(not: Set<string>, account: () => Promise<string | null>): Promise<Item | undefined> {
  const all = await items();
  const now = Date.now();
  const untried = (each: Item) => !not.has(each.id);
  const free = ready(all, null, now).find(untried);
  if (free || !readyOnceIn(all, now).some(untried)) return free;
  return ready(all, await account(), now).find(untried);
}

async function hurry(): Promise<void> {
  await written(async (db) => {
    const tx = db.transaction("outbox", "readwrite");
    for (const item of await tx.store.getAll())
      if (item.state === "waiting" && item.next_at > 0) await tx.store.put({ ...item, next_at: 0 });
    await tx.done;
  });
}

/** The account that is signed in; null for nobody, and where nobody answers soon. The page asks by itself: no session lives on by it. */
async function accountNow(): Promise<string | null> {
  try {
    return await within(ACCOUNT_MS, async (signal) => {
      const answer = await fetch("/v1/me", { credentials: "same-origin", headers: { "X-Quiet": "1" }, signal });
      return answer.ok ? ((await answer.json()) as { account: string }).account : null;
    });
  } catch {
    return null;
  }
}

/** Send one; its fate is written down before anything else happens. */
async function sendOne(item: Item): Promise<void> {
  const { problem, answer, etag, retry_after_s } = await answerTo(item);
  const outcome = outcomeOf(problem, item.tries, retry_after_s, Math.random());
  await written(async (db) => {
    const tx = db.transaction("outbox", "readwrite");
    if (await tx.store.get(item.id)) await tx.store.put(after(item, outcome, Date.now(), answer));
    if (outcome.is === "sent" && etag)
      for (const next of following(await tx.store.getAll(), item, etag)) await tx.store.put(next);
    await tx.done;
  });
  changed();
}

interface Answer {
  problem: Trouble;
  answer?: unknown;
  etag?: string | null; // the version after it
  retry_after_s: number | null;
}

async function answerTo(item: Item): Promise<Answer> {
  try {
    return await within(patience_ms(item.body), (signal) => upload(item, signal));
  } catch {
    return { problem: { status: 0, code: "web.away" }, retry_after_s: null };
  }
}

async function upload(item: Item, signal: AbortSignal): Promise<Answer> {
  const begun = Date.now();
  const response = await fetch(item.path, {
    method: item.method,
    headers: headersOf(item),
    body: bodyOf(item.body),
    credentials: item.account ? "same-origin" : "omit",
    signal,
  });
  heard(response.headers, begun);
  const said = await saidBy(response);
  const told = (response.ok ? {} : (said ?? {})) as Partial<Trouble>;
  return {
    problem: { ...told, status: response.status, code: told.code ?? `http.${response.status}` },
    answer: said,
    etag: response.headers.get("etag"),
    retry_after_s: Number(response.headers.get("retry-after")) || null,
  };
}

/** What an answer says. A yes that cannot be read is no answer: asked again under its key, the city says the same. */
async function saidBy(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  return response.ok ? response.json() : response.json().catch(() => undefined);
}

async function within<T>(patience: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await ask(stop.signal);
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(item: Item): Record<string, string> {
  const headers: Record<string, string> = { "Idempotency-Key": item.id };
  if (item.account) headers["X-Account"] = item.account; // the server refuses where the cookie is another's
  if (item.etag) headers["If-Match"] = item.etag;
  if (item.body && "json" in item.body) headers["Content-Type"] = "application/json";
  return headers;
}

function bodyOf(body: Body): BodyInit | undefined {
  if (!body) return undefined;
  if ("json" in body) return JSON.stringify(body.json);
  const form = new FormData();
  for (const part of body.form) {
    if (part.bytes) form.append(part.name, new Blob([part.bytes], { type: part.type }), part.file ?? "photo.jpg");
    else form.append(part.name, part.value ?? "");
  }
  return form;
}
