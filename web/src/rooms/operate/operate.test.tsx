import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { AWAY, Refusal } from "@/api/errors";
import { speak } from "@/words/words";
import Operate from "./Operate";

vi.mock("@/api/client", async (whole) => ({ ...(await whole<object>()), api: { GET: () => Promise.reject(new Refusal(AWAY)) }, send: () => new Promise(() => {}) }));
afterEach(cleanup);

test("a server that is away is no server for which there is nothing to do", async () => {
  speak("en");
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(["operate"], { deeds: [], alerts: [], risks: [], looked_at: null, backup_at: null, processes: 1, version: "1" });
  render(
    <QueryClientProvider client={client}>
      <Operate />
    </QueryClientProvider>,
  );
  expect((await screen.findByRole("alert")).textContent).toContain("no answer came since");
});
