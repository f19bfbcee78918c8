import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Callbacks } from "./Callbacks";
import { OrderDeeds } from "./OrderDeeds";
import type { Order } from "./orders";
import { Report } from "./Report";

const CALL = { id: "c1", report: "r1", class_key: null, number: "1", contact: { phone: "138****8000" }, due_at: "2026-03-06T08:00:00Z", is_late: false, tries: 0 };
const ORDER = { line: { id: "o1", no: 1, waits_for: "reply", marks: [] }, draft: null, deeds: [{ name: "reply", why_not: null }, { name: "ask_return", why_not: null }] } as unknown as Order;

let client: QueryClient;
let sent: { path: string; key: string | null; body: Record<string, unknown> }[];

beforeEach(() => {
  speak("en");
  sent = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    if (path.startsWith("/v1/words/")) return new Response(JSON.stringify({ language: "en", languages: ["en"], zone: "Asia/Shanghai", words: {} }));
    if (init.method === "POST") sent.push({ path, key: new Headers(init.headers).get("Idempotency-Key"), body: JSON.parse(String(init.body)) });
    return new Promise(() => {}); // the answer takes its time
  });
  client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.setQueryData(["callbacks"], { items: [CALL], next: null, script: [], questions: [] });
  client.setQueryData(["catalogue"], { classes: [], units: [] });
});
afterEach(() => {
  cleanup();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

const shown = (page: ReactNode) => render(<QueryClientProvider client={client}>{page}</QueryClientProvider>);
const type = (label: string | RegExp, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const typed = (label: string | RegExp) => (screen.getByLabelText(label) as HTMLTextAreaElement).value;

test("what a caller says stays when the list cannot be asked again, and when one looks at another tab", async () => {
  const page = shown(<Callbacks first="c1" />);
  type(/In their words/, "nobody came");
  fireEvent.click(screen.getByLabelText("verdict.solved.not"));
  fireEvent.click(screen.getByLabelText("verdict.reason.nothing_done"));
  await act(() => client.invalidateQueries({ queryKey: ["callbacks"] })); // there is no server to ask
  expect(client.getQueryState(["callbacks"])?.status).toBe("error");
  expect(typed(/In their words/)).toBe("nobody came");
  page.unmount();
  shown(<Callbacks first="c1" />);
  expect(typed(/In their words/)).toBe("nobody came");
  expect((screen.getByLabelText("verdict.solved.not") as HTMLInputElement).checked).toBe(true);
  expect((screen.getByLabelText("verdict.reason.nothing_done") as HTMLInputElement).checked).toBe(true);
});

test("a call in vain is counted once, however often it is pressed", async () => {
  shown(<Callbacks first="c1" />);
  const button = screen.getByRole("button", { name: "callback.tried.no_answer" });
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() => expect(sent.length).toBeGreaterThan(0));
  expect(new Set(sent.map((each) => each.key)).size).toBe(1);
  expect(sent[0]?.key).toBeTruthy();
});

test("a list of calls that goes on says so", () => {
  client.setQueryData(["callbacks"], { items: [CALL], next: "more", script: [], questions: [] });
  shown(<Callbacks />);
  expect(screen.getByText(/There are more/)).toBeTruthy();
});

test("a reply to the hotline and the words with a request stay until they are sent", () => {
  const page = shown(<OrderDeeds order={ORDER} refetch={() => {}}>{null}</OrderDeeds>);
  fireEvent.click(screen.getByRole("button", { name: "order.deed.reply" }));
  type(/Reply/, "It is mended.");
  fireEvent.click(screen.getByRole("button", { name: "order.deed.ask_return" }));
  type(/Words for the file/, "not ours");
  page.unmount();
  shown(<OrderDeeds order={ORDER} refetch={() => {}}>{null}</OrderDeeds>);
  fireEvent.click(screen.getByRole("button", { name: "order.deed.reply" }));
  expect(typed(/Reply/)).toBe("It is mended.");
  fireEvent.click(screen.getByRole("button", { name: "order.deed.ask_return" }));
  expect(typed(/Words for the file/)).toBe("not ours");
});

test("who does not want to be called back is reported without their number", async () => {
  shown(<Report phone="138 0013 8000" />);
  expect(typed("Number to call back")).toBe("138 0013 8000");
  type("What is wrong", "a lamp is out");
  type("Number to call back", "");
  expect(typed("Number to call back")).toBe("");
  fireEvent.submit(screen.getByLabelText("What is wrong").closest("form") as HTMLFormElement);
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).not.toHaveProperty("contact");
});
