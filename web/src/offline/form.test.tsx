import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const { drafts, room, StorageFull } = vi.hoisted(() => ({ drafts: new Map<string, { value: unknown }>(), room: { full: false, puts: 0 }, StorageFull: class extends Error {} }));
vi.mock("./db", () => {
  const db = {
    get: async (_: string, key: string) => drafts.get(key),
    put: async (_: string, draft: { key: string; value: unknown }) => {
      if (room.full) throw new StorageFull();
      room.puts += 1;
      drafts.set(draft.key, draft);
    },
    delete: async (_: string, key: string) => drafts.delete(key),
  };
  return { StorageFull, device: async () => db, written: async (deed: (to: typeof db) => Promise<unknown>) => deed(db) };
});
import { take } from "./drafts";
import { useDraft } from "./hooks";

interface Report {
  text: string;
  place: string;
  photos: string[];
}
const EMPTY: Report = { text: "", place: "", photos: [] };
const KEY = "report";

/** Something that is ready later. */
function coming<T>(): { when: Promise<T>; ready: (it: T) => Promise<void> } {
  let done: (it: T) => void = () => undefined;
  const when = new Promise<T>((each) => (done = each));
  return { when, ready: (it) => act(async () => done(it)) };
}

async function opened(key = KEY) {
  const form = renderHook(() => useDraft<Report>(key, EMPTY));
  await waitFor(() => expect(form.result.current.known).toBe(true));
  return form;
}
const added = (photo: string) => (before: string[]) => [...before, photo];
const keptNow = () => drafts.get(KEY)?.value;

beforeEach(() => {
  drafts.clear();
  localStorage.clear();
  [room.full, room.puts] = [false, 0];
});
afterEach(async () => {
  cleanup();
  await new Promise((done) => setTimeout(done, 5)); // a form that nobody looks at any more is let go
});

test("two photos that are made ready at once both arrive, in whichever order", async () => {
  const { result } = await opened();
  const [one, two] = [coming<(before: string[]) => string[]>(), coming<(before: string[]) => string[]>()];
  act(() => {
    result.current.step("photos", one.when);
    result.current.step("photos", two.when);
    result.current.change({ text: "坑" });
  });
  expect(result.current.busy).toBe(true);
  await two.ready(added("two"));
  expect(result.current.busy).toBe(true);
  await one.ready(added("one"));
  expect(result.current).toMatchObject({ busy: false, value: { text: "坑", photos: ["two", "one"] } });
  expect(keptNow()).toEqual({ text: "坑", place: "", photos: ["two", "one"] });
});

test("what is ready after the form was emptied goes nowhere, and holds nothing back", async () => {
  const { result } = await opened();
  const gps = coming<Partial<Report>>();
  act(() => {
    result.current.change({ text: "坑" });
    result.current.change(gps.when);
  });
  act(() => result.current.clear());
  expect(result.current).toMatchObject({ busy: false, value: EMPTY });
  await gps.ready({ place: "here" });
  expect(result.current.value).toEqual(EMPTY);
  expect(keptNow()).toBeUndefined();
});

test("what is ready after the outbox took the form does not bring it back", async () => {
  const { result, unmount } = await opened();
  const photo = coming<(before: string[]) => string[]>();
  act(() => {
    result.current.change({ text: "坑" });
    result.current.step("photos", photo.when);
  });
  take(KEY);
  drafts.delete(KEY);
  unmount();
  await photo.ready(added("late"));
  expect(keptNow()).toBeUndefined();
});

test("a photo is not lost where one looks at another page while it is made ready", async () => {
  const { result, unmount } = await opened();
  const photo = coming<(before: string[]) => string[]>();
  act(() => {
    result.current.step("photos", photo.when);
    result.current.change({ text: "坑" });
  });
  unmount();
  await act(() => new Promise((done) => setTimeout(done, 5)));
  const again = await opened();
  act(() => again.result.current.change({ text: "一个坑" }));
  await photo.ready(added("late"));
  expect(again.result.current.value).toEqual({ text: "一个坑", place: "", photos: ["late"] });
  expect(keptNow()).toEqual({ text: "一个坑", place: "", photos: ["late"] });
});

test("what is put in before it is known what lies there is added to it", async () => {
  drafts.set(KEY, { value: { ...EMPTY, text: "旧", photos: ["old"] } });
  const { result } = renderHook(() => useDraft<Report>(KEY, EMPTY));
  act(() => result.current.step("photos", added("new")));
  await waitFor(() => expect(result.current.known).toBe(true));
  expect(result.current.value).toEqual({ text: "旧", place: "", photos: ["old", "new"] });
});

test("another in its place is there in every part of the page that looks, and on the device", async () => {
  const home = await opened();
  const form = await opened();
  act(() => form.result.current.change({ text: "第二" }));
  expect(home.result.current.value.text).toBe("第二");
  await act(() => home.result.current.replace({ ...EMPTY, text: "第一" }));
  expect(form.result.current.value).toEqual({ ...EMPTY, text: "第一" });
  expect(keptNow()).toEqual({ ...EMPTY, text: "第一" });
  cleanup();
  await new Promise((done) => setTimeout(done, 5));
  expect((await opened()).result.current.value.text).toBe("第一"); // and no word of the second lies over it
});

test("without room for another, what stood there stays", async () => {
  const { result } = await opened();
  act(() => result.current.change({ text: "第二" }));
  room.full = true;
  await expect(result.current.replace({ ...EMPTY, text: "第一" })).rejects.toThrow();
  expect(result.current.value.text).toBe("第二");
});

test("photos are not written anew with each word; what is typed lies on the device at once all the same", async () => {
  const { result, unmount } = await opened();
  await act(async () => result.current.step("photos", added("one")));
  for (const text of "路面有个坑很危险")
    await act(async () => result.current.change((now) => ({ text: now.text + text })));
  expect(room.puts).toBe(1);
  expect(JSON.parse(localStorage.getItem("cityloop.draft:report") ?? "")).toEqual({ text: "路面有个坑很危险" });
  unmount();
  await new Promise((done) => setTimeout(done, 5));
  expect([room.puts, keptNow()]).toEqual([2, { text: "路面有个坑很危险", place: "", photos: ["one"] }]);
  expect(localStorage.getItem("cityloop.draft:report")).toBeNull();
});

test("where nothing can be jotted down each word goes to the database", async () => {
  const { result } = await opened();
  const none = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new Error("no");
  });
  await act(async () => result.current.change({ text: "坑" }));
  none.mockRestore();
  expect(keptNow()).toEqual({ text: "坑", place: "", photos: [] });
});
