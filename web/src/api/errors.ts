/** The only translator of problem+json: what a refusal says to a person, and what it means to a page. */
import { words } from "@/words/words";

export interface Problem {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  [more: string]: unknown;
}

/** A refusal of the server, or its silence. */
export class Refusal extends Error {
  constructor(
    readonly problem: Problem,
    readonly next?: string,
  ) {
    super(problem.detail ?? problem.title ?? problem.code);
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
  /** Nobody is signed in any more: the page keeps what was typed and asks for the password. */
  get ended(): boolean {
    return this.status === 401;
  }
  /** Somebody changed it meanwhile: show what, and let the person decide. */
  get changed(): boolean {
    return this.status === 412;
  }
  /** No answer came: what was sent may be sent again, with the same key. */
  get away(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export const AWAY: Problem = { status: 0, code: "web.away" };

const own = words("error", {
  away: ["连不上服务器。填写的内容都还在，稍后再试。", "The server does not answer. What you typed is kept; try again in a moment."],
  fault: ["服务器出错了，已记入日志。稍后再试。", "Something went wrong on the server; it was logged. Try again later."],
  ended: ["登录已过期，请重新登录；填写的内容都还在。", "You were signed out. Sign in again; what you typed is kept."],
  changed: ["别人刚刚改动了它。请看过新内容再决定。", "Somebody changed it meanwhile. Look at it again, then decide."],
  unknown: ["没能完成", "It could not be done"],
});

/** What a refusal says, in the reader's words: those of the code first, `codes` being the server's words. */
export function told(error: unknown, codes: Record<string, string> = {}): string {
  if (!(error instanceof Refusal)) return own.say("fault");
  const says = codes[`error.${error.code}`];
  if (says) return [says, codes[`error.${error.code}.do`]].filter(Boolean).join(": ");
  if (error.away) return own.say("away");
  if (error.ended) return own.say("ended");
  if (error.changed) return own.say("changed");
  if (error.status >= 500) return own.say("fault");
  return error.message || own.say("unknown");
}
