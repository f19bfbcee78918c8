import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Census } from "./Census";

const change = (id: string, decides: boolean) => ({ id, no: 1, decides, mine: !decides, state: "proposed", kind: "add", class_name: { en: `lamp ${id}` }, becomes: { class_key: "k", state: "in_use" }, was: null, component: null, proposed_at: "2026-03-06T08:00:00Z", photos: [], note: "", refused_for: null });
const pages: Record<string, object> = { "": { items: [change("1", false)], next: "older" }, older: { items: [change("2", true)], next: null } };

vi.mock("@/api/client", async (whole) => ({
  ...(await whole<object>()),
  api: { GET: async (_: string, asked: { params: { query: { after?: string } } }) => ({ data: pages[asked.params.query.after ?? ""] }) },
  send: () => new Promise(() => {}),
}));
vi.mock("./room", () => ({ useRoom: () => ({ screen: {}, place: { here: null, state: "off", locate: () => {} }, account: "me" }), mayI: (_: object, what: string) => what === "census.approve" }));
vi.mock("./CensusForm", () => ({ CensusForm: () => null }));
afterEach(cleanup);

test("proposals that wait behind those of others are not passed over in silence", async () => {
  speak("en");
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Census />
    </QueryClientProvider>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Show earlier ones" }));
  expect(await screen.findByText(/lamp 2/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Show earlier ones" })).toBeNull();
});
