import { expect, test, vi } from "vitest";
import { forgetKept } from "./kept";

test("what was kept for somebody goes; what is nobody's, and the pages, stay", async () => {
  const shelves = new Set(["kept.me", "kept.0190a", "kept.", "shell.12ab"]);
  vi.stubGlobal("caches", { keys: async () => [...shelves], delete: async (name: string) => shelves.delete(name) });
  await forgetKept();
  expect([...shelves]).toEqual(["kept.", "shell.12ab"]);
  vi.unstubAllGlobals();
});

test("a browser that keeps nothing has nothing to forget", async () => {
  expect(globalThis.caches).toBeUndefined();
  await forgetKept();
});

test("what was typed on a tab is not there for whoever sits down next; what waits to be sent stays", async () => {
  sessionStorage.setItem("cityloop.typed:case:refuse", "{}");
  localStorage.setItem("cityloop.draft:report", "{}");
  await forgetKept();
  expect(sessionStorage.length).toBe(0);
  expect(localStorage.getItem("cityloop.draft:report")).toBe("{}");
});
