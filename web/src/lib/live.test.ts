import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LiveFact, listen, waitBefore } from "./live";

class Line {
  static readonly CLOSED = 2;
  static all: Line[] = [];
  readyState = 1;
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  onmessage: (event: MessageEvent<string>) => void = () => {};
  end: (event: MessageEvent<string>) => void = () => {};
  constructor() {
    Line.all.push(this);
  }
  addEventListener(_: "end", listener: (event: MessageEvent<string>) => void) {
    this.end = listener;
  }
  close() {
    this.readyState = Line.CLOSED;
  }
  refused() {
    this.readyState = Line.CLOSED;
    this.onerror();
  }
}

const said = (data: object, lastEventId = "") => new MessageEvent("message", { data: JSON.stringify(data), lastEventId });
const newest = () => Line.all.at(-1) as Line;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Line);
  Line.all = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a server that stops, and one that is not there yet, get their listeners back, and these ask for what they missed", () => {
  const states: boolean[] = [];
  const onBack = vi.fn();
  const stop = listen({ onFacts: () => {}, onState: (live) => states.push(live), onBack });
  newest().onopen();
  expect(onBack).not.toHaveBeenCalled(); // nothing was missed
  newest().end(said({ why: "server_stops" }));
  expect(Line.all).toHaveLength(1); // not at once
  vi.advanceTimersByTime(2_000);
  expect(Line.all).toHaveLength(2);
  newest().refused(); // a 502 of the door before it
  vi.advanceTimersByTime(4_000);
  expect(Line.all).toHaveLength(3);
  newest().onopen();
  expect(onBack).toHaveBeenCalledOnce();
  expect(states).toEqual([true, false, false, true]);
  newest().end(said({ why: "too_slow" }));
  vi.advanceTimersByTime(2_000);
  expect(Line.all).toHaveLength(4); // it had stood: the waits begin anew
  stop();
});

test("nobody comes back who has signed out, nor who listens no more", () => {
  listen({ onFacts: () => {} });
  newest().end(said({ why: "signed_out" }));
  vi.advanceTimersByTime(600_000);
  expect(Line.all).toHaveLength(1);
  const stop = listen({ onFacts: () => {} });
  newest().end(said({ why: "server_stops" }));
  stop();
  vi.advanceTimersByTime(600_000);
  expect(Line.all).toHaveLength(2);
});

test("a break that the browser mends by itself is left to it", () => {
  const onBack = vi.fn();
  listen({ onFacts: () => {}, onBack });
  newest().onopen();
  newest().onerror(); // connecting
  vi.advanceTimersByTime(600_000);
  expect(Line.all).toHaveLength(1);
  newest().onopen();
  expect(onBack).toHaveBeenCalledOnce();
});

test("waits grow to a minute, and no two pages wait alike", () => {
  expect([0, 1, 2, 10].map((attempt) => waitBefore(attempt, 1))).toEqual([2_000, 4_000, 8_000, 60_000]);
  expect(waitBefore(0, 0)).toBe(1_000);
});

test("facts come gathered", () => {
  const told: LiveFact[][] = [];
  listen({ onFacts: (facts) => told.push(facts) });
  newest().onmessage(said({ subject: "case/1", type: "CaseFiled" }, "7"));
  newest().onmessage(said({ subject: "case/2", type: "CaseFiled" }, "8"));
  vi.advanceTimersByTime(500);
  expect(told.map((facts) => facts.map((each) => [each.seq, each.subject]))).toEqual([[[7, "case/1"], [8, "case/2"]]]);
});
