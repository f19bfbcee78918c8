import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake, reset } from "./fake";
import { changeShelf, onShelf } from "./shelf";
import { useShelf } from "./useShelf";

vi.mock("./db", () => import("./fake"));
beforeEach(reset);
afterEach(cleanup);

test("what one page keeps, the other shows", async () => {
  const one = renderHook(() => useShelf<string>("shift"));
  const other = renderHook(() => useShelf<string>("shift"));
  await waitFor(() => expect(other.result.current).toMatchObject({ known: true, value: undefined }));
  await act(() => one.result.current.keep("on duty"));
  await waitFor(() => expect(other.result.current.value).toBe("on duty"));
});

test("where there is no room it holds on this page, and says so", async () => {
  await changeShelf("shift", () => "on duty");
  const page = renderHook(() => useShelf<string>("shift"));
  await waitFor(() => expect(page.result.current.value).toBe("on duty"));
  fake.full = true;
  await act(async () => {
    await expect(page.result.current.keep("off duty")).rejects.toThrow();
  });
  expect(page.result.current.value).toBe("off duty");
  expect(await onShelf("shift")).toBe("on duty");
});

test("what is given back as it was is no change", async () => {
  await changeShelf("shift", () => "on duty");
  fake.full = true;
  expect(await changeShelf<string>("shift", (before = "") => before)).toBe("on duty");
});
