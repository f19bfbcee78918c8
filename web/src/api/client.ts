/** The one way to the server: typed by its own OpenAPI, refusals thrown as `Refusal`. */
import { heard } from "@/lib/clock";
import createClient, { type Middleware } from "openapi-fetch";
import { AWAY, type Problem, Refusal } from "./errors";
import type { paths } from "./schema";

const PROOF = "session.step_up"; // the refusal that a fresh proof undoes
let prove: (() => Promise<boolean>) | null = null;
let asking: Promise<boolean> | null = null;

/** Who asks the person for a proof that it is still them: a page puts its dialog here. */
export function askProofBy(asker: (() => Promise<boolean>) | null): void {
  prove = asker;
}

/** Ask for a proof, once for all that wait for it. Answers whether it was given. */
function proved(): Promise<boolean> {
  asking ??= (prove?.() ?? Promise.resolve(false)).finally(() => {
    asking = null;
  });
  return asking;
}

const QUIET_MS = 60_000;
let touched = Date.now();
if (typeof addEventListener === "function")
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(sign, () => (touched = Date.now()), { passive: true, capture: true });

/** What a page asks by itself, while nobody touches it, keeps no session alive. */
const quietly = (): Record<string, string> => (Date.now() - touched > QUIET_MS ? { "X-Quiet": "1" } : {});

type Ended = () => void;
const ended = new Set<Ended>();

/** Be told when the server says that nobody is signed in any more. Answers how to stop listening. */
export function onEnded(listener: Ended): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

const AT_THE_DOOR = ["/v1/sessions", "/v1/sessions/second", "/v1/me/proof", "/v1/me/password", "/v1/me/second-factor/confirmation"];

/** The refusal that an answer is. Wrong words at the door are no end of a session. */
async function refusalOf(response: Response): Promise<Refusal> {
  const refusal = new Refusal(await problemOf(response));
  if (refusal.ended && !AT_THE_DOOR.some((each) => response.url.endsWith(each))) ended.forEach((each) => each());
  return refusal;
}

const sent = new WeakMap<Request, Request>();

const refusals: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(quietly())) request.headers.set(name, value);
    sent.set(request, request.clone()); // its body can be read once
  },
  async onResponse({ request, response }) {
    if (response.ok || response.status === 304) return undefined;
    const refusal = await refusalOf(response);
    const again = sent.get(request);
    if (refusal.code === PROOF && again && (await proved())) {
      const answer = await fetch(again);
      if (answer.ok) return answer;
      throw await refusalOf(answer);
    }
    throw refusal;
  },
  onError() {
    return new Refusal(AWAY);
  },
};

/** The problem that an answer tells. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const said = (await response.clone().json()) as Problem;
    return { ...said, status: response.status, code: said.code ?? `http.${response.status}` };
  } catch {
    return { status: response.status, code: `http.${response.status}` };
  }
}

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(refusals);

/** What an answer holds; a refusal was thrown before. */
export async function data<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}

/** A request whose path the server itself gave, e.g. a deed of a case; files and forms go as they are, the rest as JSON. */
export async function send<T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  more: { key?: string; etag?: string; keep?: string; signal?: AbortSignal } = {},
): Promise<T> {
  const headers: Record<string, string> = quietly();
  const as_is = body instanceof FormData || body instanceof Blob;
  if (body !== undefined && !as_is) headers["Content-Type"] = "application/json";
  if (more.key) headers["Idempotency-Key"] = more.key;
  if (more.etag) headers["If-Match"] = more.etag;
  if (more.keep !== undefined) headers["X-Keep"] = more.keep; // whose answer it is, for when there is no network
  const once = async (): Promise<Response> => {
    const begun = Date.now();
    try {
      const came = await fetch(path, {
        method,
        headers,
        credentials: "same-origin",
        signal: more.signal,
        body: body === undefined || as_is ? (body as BodyInit | undefined) : JSON.stringify(body),
      });
      heard(came.headers, begun);
      return came;
    } catch {
      throw new Refusal(AWAY);
    }
  };
  let answer = await once();
  if (!answer.ok) {
    const refusal = await refusalOf(answer);
    if (refusal.code !== PROOF || !(await proved())) throw refusal;
    answer = await once();
    if (!answer.ok) throw await refusalOf(answer);
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Take a file of the server's away. Where it wants a proof first, that is asked for, then the file comes. */
export async function takeAway(path: string): Promise<void> {
  const fresh = await send<{ needed: boolean }>("GET", "/v1/me/proof");
  if (fresh.needed && prove && !(await proved())) return;
  location.assign(path);
}
