/** The service worker: small and our own. Shells and what they load are kept when it is installed; a marked answer is
 * asked of the network first; what waits in the outbox is sent when the browser says that there is a network. */
import { outdated } from "./keeping";
import { flush, items } from "./outbox";

declare const __SHELLS__: { stamp: string; files: string[]; pages: Record<string, string> };
declare const self: ServiceWorkerGlobalScope & typeof globalThis;

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response> | Response): void;
}
interface ServiceWorkerGlobalScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

const SHELL = `shell.${__SHELLS__.stamp}`;
const KEPT = "kept.";
const WORDS = "/v1/words/"; // of every page, and nobody's secret: kept without a mark
const KEPT_AT = "X-Kept-At";
const PATIENCE_MS = 4_000; // for a page; a network that is there and says nothing is none
const TIDY_EVERY = 16; // answers that were kept
let puts = 0;

self.addEventListener("install", (event) => {
  (event as ExtendableEvent).waitUntil(installed());
});

self.addEventListener("activate", (event) => {
  (event as ExtendableEvent).waitUntil(activated());
});

self.addEventListener("sync", (event) => {
  (event as ExtendableEvent).waitUntil(sentAll());
});

self.addEventListener("fetch", (event) => {
  const { request } = event as FetchEvent;
  const answer = answerTo(request);
  if (answer) (event as FetchEvent).respondWith(answer);
});

/** Send what waits; a network that fails again makes the browser try later. */
async function sentAll(): Promise<void> {
  await flush(true);
  if ((await items()).some((each) => each.state === "waiting" && each.problem?.status === 0)) throw new Error("away");
}

async function installed(): Promise<void> {
  const cache = await caches.open(SHELL);
  const files = [...__SHELLS__.files, ...Object.values(__SHELLS__.pages)];
  await cache.addAll(files.map((file) => new Request(file, { cache: "reload" })));
  await self.skipWaiting();
}

/** The shells before the last are let go: a page that is open may still want what its own names. */
async function activated(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell.") && name !== SHELL);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

function answerTo(request: Request): Promise<Response> | null {
  if (request.method !== "GET") return null;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return null;
  if (request.mode === "navigate") {
    const page = Object.keys(__SHELLS__.pages).find((path) => holds(path, url.pathname));
    return page ? pageOf(request, __SHELLS__.pages[page] ?? page) : null;
  }
  if (url.pathname.startsWith("/assets/")) return built(request);
  if (__SHELLS__.files.includes(url.pathname)) return ownFile(request);
  const account = request.headers.get("x-keep") ?? (url.pathname.startsWith(WORDS) ? "" : null);
  return account === null ? null : marked(request, `${KEPT}${account}`);
}

/** `/` holds only itself; `/work` all that lies below it. */
function holds(path: string, asked: string): boolean {
  return asked === path || (path !== "/" && asked.startsWith(`${path}/`));
}

async function pageOf(request: Request, shell: string): Promise<Response> {
  try {
    const answer = await soon(request);
    if (answer.status < 500) return answer;
    return (await caches.match(shell)) ?? answer;
  } catch {
    return (await caches.match(shell)) ?? Response.error();
  }
}

/** A built file: its name carries its digest, so what is kept is right. */
async function built(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await put(SHELL, request, answer.clone());
  return answer;
}

async function ownFile(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

/** The network first; without one what it said last, with the moment at which it was kept. */
async function marked(request: Request, name: string): Promise<Response> {
  try {
    const answer = await soon(request);
    if (answer.ok) {
      await put(name, request, await dated(answer.clone()));
      if (puts++ % TIDY_EVERY === 0) void tidied(name).catch(() => undefined);
    }
    return answer;
  } catch (error) {
    const kept = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

/** Let go what is too much or too old. */
async function tidied(name: string): Promise<void> {
  const cache = await caches.open(name);
  const kept = (await cache.keys()).map(async (request) => {
    const answer = await cache.match(request, { ignoreVary: true });
    return { request, address: request.url, at: Date.parse(answer?.headers.get(KEPT_AT) ?? "") || 0 };
  });
  for (const each of outdated(await Promise.all(kept), Date.now())) await cache.delete(each.request, { ignoreVary: true });
}

async function dated(answer: Response): Promise<Response> {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  return new Response(await answer.blob(), { status: answer.status, headers });
}

async function put(name: string, request: Request, answer: Response): Promise<void> {
  try {
    await (await caches.open(name)).put(request, answer);
  } catch {
    // no room: the answer goes to the page all the same
  }
}

async function soon(request: Request): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}
