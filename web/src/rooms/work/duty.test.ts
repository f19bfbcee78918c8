import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake, reset } from "@/offline/fake";
import type { WorkScreen } from "./data";
import { useDutyDriver } from "./duty";

vi.mock("@/offline/db", () => import("@/offline/fake"));

const here = { lon: 112.5, lat: 28.4, error_m: 5 };
const began = "2026-03-02T00:00:00Z";
const shift = { id: "s1", post: "p", started_at: began, grid: null, planned_to: null, outside_since: null };

beforeEach(() => {
  reset();
  vi.stubGlobal("fetch", async (path: string) => new Response(JSON.stringify(path === "/v1/me" ? { account: "a" } : { id: "s1", is_open: !path.endsWith("/end") })));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function screen(now: string, on: typeof shift | null): WorkScreen {
  return { now, shift: on } as WorkScreen;
}
function tab(first?: WorkScreen) {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => createElement(QueryClientProvider, { client }, children);
  return renderHook(({ told }) => useDutyDriver("a", told, here, 30), { wrapper, initialProps: { told: first } });
}

test("who signs off on one page is off duty on the other, and its end is told once", async () => {
  const one = tab();
  const other = tab();
  await act(() => one.result.current.signOn("p"));
  await waitFor(() => expect(other.result.current.shift?.id).toBe("s1"));
  await act(() => one.result.current.signOff());
  await waitFor(() => expect(other.result.current.shift).toBeNull());
  await waitFor(() => expect(fake.stores.shelf.get("work.shift.a")).toMatchObject({ id: "s1", over: "here" }));
  await waitFor(() => expect(fake.stores.outbox.size).toBe(0));
  expect(other.result.current.over).toBeNull();
});

test("a shift that the city ended is over on the phone, which says so until the person knows", async () => {
  const page = tab(screen("2026-03-02T00:00:10Z", shift));
  await waitFor(() => expect(page.result.current.shift?.seen_at).toBeTruthy());
  page.rerender({ told: screen("2026-03-02T14:00:10Z", null) });
  await waitFor(() => expect(page.result.current.shift).toBeNull());
  expect(page.result.current.over?.id).toBe("s1");
  await act(() => page.result.current.understood());
  await waitFor(() => expect(page.result.current.over).toBeNull());
});

test("on a phone without room signing off holds at once", async () => {
  const page = tab(screen("2026-03-02T00:00:10Z", shift));
  await waitFor(() => expect(page.result.current.shift?.id).toBe("s1"));
  fake.full = true;
  await act(async () => {
    await expect(page.result.current.signOff()).rejects.toThrow();
  });
  expect(page.result.current.shift).toBeNull();
});

test("a phone without room says so, and is not on duty", async () => {
  const page = tab();
  await waitFor(() => expect(fake.stores.shelf.has("work.shift.a")).toBe(true));
  fake.full = true;
  await act(async () => {
    await expect(page.result.current.signOn("p")).rejects.toThrow();
  });
  expect(page.result.current.shift).toBeNull();
});
