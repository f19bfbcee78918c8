import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

const { drafts, seat } = vi.hoisted(() => ({ drafts: new Map<string, unknown>(), seat: { account: "wang" } }));
vi.mock("./db", () => {
  const db = {
    get: async (_: string, key: string) => drafts.get(key),
    put: async (_: string, draft: { key: string }) => void drafts.set(draft.key, draft),
    delete: async (_: string, key: string) => void drafts.delete(key),
  };
  return { StorageFull: Error, device: async () => db, written: (deed: (to: typeof db) => unknown) => deed(db) };
});
vi.mock("@/api/session", () => ({ useAccount: () => seat.account }));
import { useOwnDraft } from ".";

afterEach(cleanup);

test("whoever sits down at a shared desk finds their own drafts and nobody else's", async () => {
  const { result, rerender } = renderHook(() => useOwnDraft("knowledge/new", { title: "" }));
  const shows = async (title: string) => {
    rerender();
    await waitFor(() => expect([result.current.known, result.current.value.title]).toEqual([true, title]));
  };
  await shows("");
  act(() => result.current.change({ title: "王的草稿" }));
  seat.account = "li";
  await shows("");
  act(() => result.current.change({ title: "李的草稿" }));
  seat.account = "wang";
  await shows("王的草稿");
  seat.account = "li";
  await shows("李的草稿");
});
