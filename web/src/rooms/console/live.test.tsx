import { QueryClient, QueryClientProvider, useInfiniteQuery } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useLive } from "./live";

const PAGES = 5;
const PAGE_MS = 700; // five of them take longer than the rest between two askings
let city: number; // how much has happened
let lines: Line[];

class Line {
  onmessage: (event: MessageEvent<string>) => void = () => {};
  onopen = () => {};
  constructor() {
    lines.push(this);
  }
  addEventListener() {}
  close() {}
}

beforeEach(() => {
  vi.useFakeTimers();
  city = 0;
  lines = [];
  vi.stubGlobal("EventSource", Line);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function happens(): void {
  city += 1;
  lines[0]?.onmessage(new MessageEvent("message", { data: JSON.stringify({ subject: "case/1", type: "CaseFiled" }), lastEventId: String(city) }));
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** What a queue of several pages says; all are fetched one after another. */
async function queue() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const around = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const { result } = renderHook(
    () => {
      useLive(true);
      const { data, fetchNextPage } = useInfiniteQuery({
        queryKey: ["queue"],
        initialPageParam: 0,
        queryFn: ({ pageParam }) => new Promise<{ page: number; city: number }>((done) => setTimeout(() => done({ page: pageParam, city }), PAGE_MS)),
        getNextPageParam: (last) => (last.page + 1 < PAGES ? last.page + 1 : undefined),
      });
      return { data, fetchNextPage };
    },
    { wrapper: around },
  );
  await pass(PAGE_MS + 50);
  for (let n = 1; n < PAGES; n += 1) {
    act(() => void result.current.fetchNextPage());
    await pass(PAGE_MS + 50);
  }
  expect(result.current.data?.pages).toHaveLength(PAGES);
  return result;
}

const told = (result: Awaited<ReturnType<typeof queue>>) => result.current.data?.pages[0]?.city ?? 0;

test("a long list is renewed in a city in which something happens every second", async () => {
  const result = await queue();
  for (let second = 0; second < 20; second += 1) {
    happens();
    await pass(1_000);
  }
  expect(told(result)).toBeGreaterThan(city - 10);
});

test("what happened while the list was being fetched is not missed", async () => {
  const result = await queue();
  happens();
  await pass(4_000); // its renewal is on the way, and the first page has come already
  happens();
  await pass(20_000);
  expect(told(result)).toBe(2);
});

test("what happened while the line was broken is asked for", async () => {
  const result = await queue();
  act(() => lines[0]?.onopen());
  city = 5;
  act(() => lines[0]?.onopen());
  await pass(10_000);
  expect(told(result)).toBe(5);
});
