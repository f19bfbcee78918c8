import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { route } from "@/lib/paths";
import { questions } from "@/lib/query";
import { speak } from "@/words/words";
import Console from "./Console";
import { sends } from "./sends";

vi.mock("./Where", () => ({ Where: () => null })); // the map

const LISTS: object = { waits: [], states: [], lamps: [], classes: [], areas: [], units: [], channels: [], requests: [], marks: [], posts: [], systems: [], mine: [] };
const deed = (of: string, name: string, more: object = {}) => ({
  name, label: name, done: `${name} done`, why_not: null, why_not_code: null, loud: false, method: "POST", path: route`/v1/cases/${of}/${name}`, media: "application/json", always: {}, fields: [], hint: null, ...more,
});
const note = { name: "note", takes: "note", gives: "text", label: "Why", needed: true, value: null, choices: [] };
const accept = (of: string) => deed(of, "accept", { loud: true });
const refuse = (of: string, why_not: string | null = null) => deed(of, "refuse", { why_not, fields: why_not ? [] : [note] }); // as the server tells them
const line = (id: string) => ({ case: { id, no: 1, state: "reported", number: null, clock: null, urgency: 1, reports: 1, on_time: null }, title: `pothole ${id}`, place: "", lamp: null, left: null, state: "", marks: [], asks: null, unit: null });
const whole = (id: string, deeds: object[]) => ({
  case: { id, no: 1, number: null, clock: null, urgency: 1, returns: 0, reworks: 0, redos: 0, closed_at: null, merged_into: null, tasks: [], approvals: [], orders: [], reports: [], reports_count: 0, where: { cell: "c", component: null, lon: null, lat: null } },
  words: { title: `pothole ${id}`, place: "", state: "", marks: [] }, deeds, offset: "+08:00", relatives: { joins: [], before: [], is_more: false }, copies: [], places: [], proposal: null, second_look: [], channels: {}, contacts: {}, to_reveal: [], tasks: [], approvals: [], orders: [], story: null,
});

let queue: string[];
let deedsOf: (id: string) => object[];
let posted: { path: string; key: string; answer: (status: number, body?: object) => void }[];
let client: QueryClient;

const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });

function answered(path: string, init: RequestInit): Response | Promise<Response> {
  const { pathname } = new URL(path, "http://city");
  const id = pathname.split("/").at(-1) ?? "";
  if (init.method === "POST")
    return new Promise((give) => posted.push({ path: pathname, key: new Headers(init.headers).get("Idempotency-Key") ?? "", answer: (status, body = {}) => give(json(body, status)) }));
  if (pathname === "/v1/screens/queue") return json({ items: queue.map(line), next: null });
  if (pathname === "/v1/screens/lists") return json(LISTS);
  if (pathname === "/v1/screens/deeds" || pathname.endsWith("/presence")) return json([]);
  if (pathname.startsWith("/v1/screens/case/")) return json(whole(id, deedsOf(id)));
  if (pathname.startsWith("/v1/words/")) return json({ language: "en", languages: ["en"], zone: "Asia/Shanghai", words: {} });
  return json({});
}

beforeEach(() => {
  speak("en");
  vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => answered(path, init));
  history.replaceState(null, "", "/console");
  queue = ["a", "b", "c"];
  deedsOf = (id) => [accept(id), refuse(id)];
  posted = [];
  client = questions();
  client.setQueryData(["me"], { account: "me", permissions: ["case.accept"], seats: [] });
  client.setQueryData(["views"], []);
});
afterEach(() => {
  cleanup();
  client.clear();
  sends.all().forEach((each) => sends.done(each.case));
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

const shown = () => document.querySelector("article[data-case]")?.getAttribute("data-case");
const press = (key: string, on: Element = document.body) => fireEvent.keyDown(on, { key });
const again = (...key: string[]) => act(() => client.invalidateQueries({ queryKey: key }));

async function opened(): Promise<void> {
  render(
    <QueryClientProvider client={client}>
      <Console />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(shown()).toBe("a"));
}

async function answer(n: number, status: number, body: object = {}): Promise<void> {
  await act(async () => posted[n]?.answer(status, body));
}

test("a case that is looked at stays when a more urgent one comes, and the key is for it", async () => {
  await opened();
  queue = ["z", "a", "b"];
  await again("queue");
  await screen.findByText("pothole z");
  expect(shown()).toBe("a");
  press("a");
  await waitFor(() => expect(posted.map((each) => each.path)).toEqual(["/v1/cases/a/accept"]));
});

test("another list begins with its own first case", async () => {
  await opened();
  queue = ["x", "y"];
  press("]");
  await waitFor(() => expect(shown()).toBe("x"));
  expect(location.search).toContain("case=x");
});

test("what failed is told of its case, wherever one is by then", async () => {
  await opened();
  press("a");
  press("a"); // impatient
  await waitFor(() => expect(posted).toHaveLength(1));
  press("j");
  await waitFor(() => expect(shown()).toBe("b"));
  await answer(0, 409, { code: "case.changed", detail: "It is filed already." });
  const told = await screen.findByRole("alert");
  expect(told.textContent).toContain("accept (pothole a)");
  expect(told.textContent).toContain("It is filed already.");
  expect(shown()).toBe("b");
  press("k");
  await waitFor(() => expect(shown()).toBe("a"));
  expect(screen.getByRole("alert").textContent).not.toContain("pothole a"); // at the case itself
  expect(posted).toHaveLength(1);
});

test("who has gone on is not pulled back by an answer; who waited gets the next case", async () => {
  await opened();
  press("a");
  await waitFor(() => expect(posted).toHaveLength(1));
  press("j");
  await waitFor(() => expect(shown()).toBe("b"));
  press("j");
  await waitFor(() => expect(shown()).toBe("c"));
  await answer(0, 200);
  await screen.findByText(/accept done/);
  expect(shown()).toBe("c");
  press("a");
  await waitFor(() => expect(posted).toHaveLength(2));
  await answer(1, 200);
  await waitFor(() => expect(shown()).toBe("b"));
});

test("a deed that got no answer is sent again as the same request", async () => {
  await opened();
  press("a");
  await waitFor(() => expect(posted).toHaveLength(1));
  await answer(0, 503, { code: "edge.busy" });
  await screen.findByRole("alert");
  press("a");
  await waitFor(() => expect(posted).toHaveLength(2));
  expect(posted[1]?.key).toBe(posted[0]?.key);
  await answer(1, 200);
  await waitFor(() => expect(shown()).toBe("b"));
  press("a");
  await waitFor(() => expect(posted).toHaveLength(3));
  expect(posted[2]?.key).not.toBe(posted[0]?.key);
});

test("a form stays under the hand when its deed can no longer be done, and says why", async () => {
  await opened();
  press("2");
  const field = await screen.findByLabelText("Why");
  fireEvent.change(field, { target: { value: "half a sen" } });
  expect(document.activeElement).toBe(field);
  deedsOf = (id) => [refuse(id, "it is filed")];
  await again("case");
  await screen.findByText(/it is filed\. What you typed/);
  expect(document.activeElement).toBe(field);
  expect((field as HTMLTextAreaElement).value).toBe("half a sen");
  fireEvent.submit(screen.getByRole("form", { name: "refuse" }));
  expect(posted).toEqual([]);
  deedsOf = () => [];
  await again("case");
  await screen.findByText(/the case has changed\. What you typed/);
  expect(document.activeElement).toBe(field);
});
