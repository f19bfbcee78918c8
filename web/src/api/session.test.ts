import { afterEach, expect, test, vi } from "vitest";
import { isLeaving, leaving } from "@/lib/kept";
import { hasLeft } from "./session";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const answers = (status: number) => vi.fn(async () => new Response(status === 204 ? null : "{}", { status }));

test("nobody who stays is asked to leave", async () => {
  const asked = answers(204);
  vi.stubGlobal("fetch", asked);
  expect(await hasLeft()).toBe(true);
  expect(asked).not.toHaveBeenCalled();
});

test("who leaves without a network has left once there is one, and nothing is shown until then", async () => {
  leaving(true);
  vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("no network"))));
  expect(await hasLeft()).toBe(false);
  vi.stubGlobal("fetch", answers(503));
  expect(await hasLeft()).toBe(false);
  expect(isLeaving()).toBe(true);
  const asked = answers(204);
  vi.stubGlobal("fetch", asked);
  expect(await hasLeft()).toBe(true);
  expect(isLeaving()).toBe(false);
  expect(asked).toHaveBeenCalledOnce();
});

test("a session that has ended meanwhile is left", async () => {
  leaving(true);
  vi.stubGlobal("fetch", answers(401));
  expect(await hasLeft()).toBe(true);
  expect(isLeaving()).toBe(false);
});
