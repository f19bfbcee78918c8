/** The one way to the server: typed by its own OpenAPI, refusals thrown as `Refusal`. */
import createClient, { type Middleware } from "openapi-fetch";
import { AWAY, type Problem, Refusal } from "./errors";
import type { paths } from "./schema";

type Ended = () => void;
const ended = new Set<Ended>();

/** Be told when the server says that nobody is signed in any more. Answers how to stop listening. */
export function onEnded(listener: Ended): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

/** The refusal that an answer is. Wrong words at the door are no end of a session. */
async function refusalOf(response: Response): Promise<Refusal> {
  const refusal = new Refusal(await problemOf(response));
  if (refusal.ended && !response.url.endsWith("/v1/sessions")) ended.forEach((each) => each());
  return refusal;
}

const refusals: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return undefined;
    throw await refusalOf(response);
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

/** A request whose path the server itself gave, e.g. a deed of a case. */
export async function send<T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  more: { key?: string; etag?: string; keep?: string } = {},
): Promise<T> {
  const headers: Record<string, string> = {};
  if (body !== undefined && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  if (more.key) headers["Idempotency-Key"] = more.key;
  if (more.etag) headers["If-Match"] = more.etag;
  if (more.keep !== undefined) headers["X-Keep"] = more.keep; // whose answer it is, for when there is no network
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : body instanceof FormData ? body : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(AWAY);
  }
  if (!answer.ok) throw await refusalOf(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
