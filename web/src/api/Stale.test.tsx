import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { AWAY, Refusal } from "./errors";
import { Stale } from "./Stale";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("what an earlier answer said is shown as such, until one comes again", async () => {
  speak("en");
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ language: "en", languages: ["en"], zone: "Asia/Shanghai", words: {} })));
  let away = false;
  function Page() {
    const asked = useQuery({ queryKey: ["thing"], queryFn: () => (away ? Promise.reject(new Refusal(AWAY)) : Promise.resolve("well")) });
    return (
      <>
        <Stale asked={asked} />
        {asked.data}
      </>
    );
  }
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Page />
    </QueryClientProvider>,
  );
  await screen.findByText("well");
  expect(screen.queryByRole("alert")).toBeNull();
  away = true;
  await act(() => client.invalidateQueries({ queryKey: ["thing"] }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/as of .*\d\d:\d\d; no answer came since: The server does not answer/);
  expect(screen.getByText("well")).toBeTruthy();
  away = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});
