import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import type { Asked, Body, Item } from "@/offline";
import { speak } from "@/words/words";

const { drafts, shelf, outbox, listeners, drawing } = vi.hoisted(() => ({
  drafts: new Map<string, { value: unknown }>(),
  shelf: new Map<string, unknown>(),
  outbox: new Map<string, unknown>(),
  listeners: new Set<() => void>(),
  drawing: [] as ((canvas: unknown) => void)[],
}));
vi.mock("@/offline/db", () => {
  const db = {
    get: async (_: string, key: string) => drafts.get(key),
    put: async (_: string, draft: { key: string; value: unknown }) => void drafts.set(draft.key, draft),
    delete: async (_: string, key: string) => void drafts.delete(key),
  };
  return {
    StorageFull: class extends Error {}, device: async () => db, written: (deed: (to: typeof db) => unknown) => deed(db),
    onShelf: async (name: string) => shelf.get(name), toShelf: async () => undefined, changeShelf: async () => undefined,
  }; // prettier-ignore
});
vi.mock("@/offline/outbox", async () => {
  const { take } = await import("@/offline/drafts");
  const changed = () => listeners.forEach((each) => each());
  return {
    freshKey: () => `key-${Math.random()}`,
    items: async () => [...outbox.values()],
    flush: async () => undefined,
    sendAgain: async () => undefined,
    drop: async (id: string) => {
      outbox.delete(id);
      changed();
    },
    enqueue: async (asked: Asked, draft: string) => {
      take(draft);
      drafts.delete(draft);
      outbox.set(asked.id ?? "", { ...asked, account: "", made_at: 1, state: "waiting" });
      changed();
    },
    onOutbox: (each: () => void) => {
      listeners.add(each);
      return () => listeners.delete(each);
    },
  };
});
vi.mock("../photo", () => ({
  drawn: () => new Promise((done) => drawing.push(done)),
  bytesOf: async () => new ArrayBuffer(3),
  sha256: async () => "0123456789abcdef",
  short: (digest: string) => digest,
}));
vi.mock("@/api/client", () => ({ api: { GET: async () => ({}), POST: async () => ({}) }, data: () => new Promise(() => undefined), send: () => new Promise(() => undefined) }));
import { Waiting } from "../Waiting";
import { Report } from "./Report";

const client = () => new QueryClient({ defaultOptions: { queries: { retry: false } } });
function open(page: React.ReactNode): void {
  render(
    <QueryClientProvider client={client()}>
      <Router hook={useHashLocation}>{page}</Router>
    </QueryClientProvider>,
  );
}
const refused = (text: string): Item =>
  ({ id: "one", kind: "report", title: text, account: "", body: { form: [{ name: "text", value: text }] }, made_at: 1, state: "refused", problem: { status: 400, code: "no" } }) as Item;
const settled = (ms = 20) => act(() => new Promise((done) => setTimeout(done, ms)));
const press = (name: string) => act(async () => fireEvent.click(screen.getByRole("button", { name })));
const words = () => screen.findByLabelText<HTMLTextAreaElement>("说一说（可不写）");
const write = async (text: string) => fireEvent.change(await words(), { target: { value: text } });
const lies = () => (drafts.get("resident.report")?.value as { text: string } | undefined)?.text;

beforeEach(() => {
  speak("zh");
  localStorage.clear();
  [drafts, shelf, outbox].forEach((each) => each.clear());
  drawing.length = 0;
  location.hash = "#/report";
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
});
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await settled();
});

test("a report waits for its photo, and says so", async () => {
  open(<Report />);
  await write("坑");
  fireEvent.change(screen.getByLabelText("从相册选"), { target: { files: [new File(["x"], "a.jpg", { type: "image/jpeg" })] } });
  await press("正在准备…");
  fireEvent.submit(screen.getByRole("button", { name: "正在准备…" }));
  await settled();
  expect(outbox.size).toBe(0);
  await act(async () => drawing[0]?.({}));
  await settled();
  await press("发送");
  await settled();
  const { body } = [...outbox.values()][0] as { body: Body };
  expect(body && "form" in body && body.form.filter((each) => each.name === "photos")).toHaveLength(1);
});

test("what was sent is gone from the form, and nothing brings it back", async () => {
  open(<Report />);
  await write("坑");
  await press("发送");
  await settled();
  expect(drafts.size).toBe(0);
  await press("再报一个");
  expect((await words()).value).toBe("");
  await write("灯");
  await press("发送");
  await settled();
  expect(outbox.size).toBe(2); // each under its own key
});

test("what was refused at once goes back into the form from the page that says so", async () => {
  open(<Report />);
  await write("第一");
  await press("发送");
  await settled();
  const [[id, item] = []] = [...outbox];
  outbox.set(id ?? "", { ...(item as Item), state: "refused", problem: { status: 400, code: "no" } });
  listeners.forEach((each) => each());
  fireEvent.click(await screen.findByRole("button", { name: "修改后再发" }, { timeout: 5_000 }));
  await settled();
  expect((await words()).value).toBe("第一");
  expect([outbox.size, lies()]).toEqual([0, "第一"]);
});

test("a report that was begun is not written over without asking", async () => {
  drafts.set("resident.report", { value: { id: "two", photos: [], place: null, address: "", text: "第二", class_key: null, phone: "" } });
  outbox.set("one", refused("第一"));
  location.hash = "#/";
  const asked = vi.fn(() => false);
  vi.stubGlobal("confirm", asked);
  open(<Waiting />);
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>("button", { name: "修改后再发" }).disabled).toBe(false));
  await press("修改后再发");
  await settled();
  expect([asked.mock.calls.length, lies(), outbox.size]).toEqual([1, "第二", 1]);

  asked.mockReturnValue(true);
  await press("修改后再发");
  await settled();
  expect([lies(), outbox.size, location.hash]).toEqual(["第一", 0, "#/report"]);
});
