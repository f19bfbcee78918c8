import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fake, reset } from "./fake";
import { backToForm, drop, enqueue, flush, items, sendAgain } from "./outbox";
import { after, type Item } from "./rules";

vi.mock("./db", () => import("./fake"));

beforeEach(reset);
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function put(id: string, more: Partial<Item> = {}): void {
  const item: Item = {
    id, kind: "report", title: id, account: "", method: "POST", path: "/v1/reports", body: { json: {} }, made_at: fake.stores.outbox.size,
    tries: 0, next_at: 0, state: "waiting", ...more,
  }; // prettier-ignore
  fake.stores.outbox.set(id, item);
}

type Asked = { path: string; headers: Record<string, string>; signal: AbortSignal };

/** A city that answers as it is told, and notes what it was asked. */
function city(answer: (asked: Asked) => Response | Promise<Response>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, how: { headers: Record<string, string>; signal: AbortSignal }) => {
    const one = { path, headers: how.headers, signal: how.signal };
    asked.push(one);
    return answer(one);
  });
  return asked;
}
const yes = (body: unknown = {}) => new Response(JSON.stringify(body), { status: 201 });
const never = ({ signal }: Asked) => new Promise<Response>((_, fail) => signal.addEventListener("abort", () => fail(new Error("aborted"))));
const me = (asked: Asked[]) => asked.filter((each) => each.path === "/v1/me");

test("a yes that cannot be read is asked again under its key, and its answer is kept then", async () => {
  put("1");
  let broken = true;
  const asked = city(() => (broken ? new Response("<html>sign in to this network", { status: 200 }) : yes({ tracking_code: "K" })));
  await flush();
  expect((await items())[0]).toMatchObject({ state: "waiting", body: { json: {} }, problem: { code: "web.away" } });
  broken = false;
  await flush(true);
  expect((await items())[0]).toMatchObject({ state: "sent", answer: { tracking_code: "K" } });
  expect(asked.map((each) => each.headers["Idempotency-Key"])).toEqual(["1", "1"]);
});

test("an answer without words is a yes", async () => {
  put("1");
  city(() => new Response(null, { status: 204 }));
  await flush();
  expect((await items())[0]?.state).toBe("sent");
});

test("eight megabytes of photos have minutes to go up, a few words one", async () => {
  vi.useFakeTimers();
  put("1", { body: { form: [{ name: "photos", bytes: new ArrayBuffer(8_000_000) }] } });
  put("2", { body: { json: { text: "x" } } });
  const asked = city(never);
  void flush();
  await vi.advanceTimersByTimeAsync(400_000);
  expect(asked.map((each) => each.signal.aborted)).toEqual([false]);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(asked.map((each) => each.signal.aborted)).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(asked.map((each) => each.signal.aborted)).toEqual([true, true]);
});

test("who is signed in is asked once a round, and keeps no session alive", async () => {
  put("1", { account: "a" });
  put("2", { account: "a" });
  const asked = city(({ path }) => (path === "/v1/me" ? yes({ account: "a" }) : yes()));
  await flush();
  expect((await items()).map((each) => each.state)).toEqual(["sent", "sent"]);
  expect(me(asked).map((each) => each.headers["X-Quiet"])).toEqual(["1"]);
});

test("nobody asks who is signed in while nothing may go", async () => {
  put("1", { account: "a", state: "refused" });
  put("2", { account: "a", next_at: Date.now() + 60_000 });
  put("3", { account: "a", state: "sent" });
  const asked = city(() => yes());
  await flush();
  expect(asked).toEqual([]);
});

test("a city that does not say who is signed in holds up nobody", async () => {
  vi.useFakeTimers();
  put("1", { account: "a" });
  put("2");
  const asked = city((one) => (one.path === "/v1/me" ? never(one) : yes()));
  const round = flush();
  await vi.advanceTimersByTimeAsync(1);
  expect((await items()).map((each) => each.state)).toEqual(["waiting", "sent"]);
  expect(fake.stores.shelf.has("cityloop.outbox")).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fake.stores.shelf.has("cityloop.outbox")).toBe(false); // the next tab may send
  await vi.advanceTimersByTimeAsync(10_000);
  await round;
  expect(me(asked)).toHaveLength(2); // and once more, whether somebody came meanwhile
});

test("what was refused goes back into its form as it was filled in, and what stands there meanwhile is not lost", async () => {
  const form = { key: "work.a.report", value: { text: "井盖", at: "2036" } };
  put("1", { state: "refused", form, problem: { status: 400, code: "time.in_future" } });
  fake.stores.draft.set(form.key, { key: form.key, value: { text: "another" }, kept_at: 1 });
  const mend = (value: unknown) => ({ ...(value as object), at: "" });
  expect(await backToForm("1", mend)).toBe(false);
  expect([fake.stores.outbox.size, fake.stores.draft.get(form.key)]).toMatchObject([1, { value: { text: "another" } }]);
  expect(await backToForm("1", mend, true)).toBe(true);
  expect([fake.stores.outbox.size, fake.stores.draft.get(form.key)]).toMatchObject([0, { value: { text: "井盖", at: "" } }]);
});

test("what waits to be sent does not go back, and what was sent keeps nothing of its form", async () => {
  city(() => new Promise<Response>(() => undefined));
  await enqueue({ kind: "report", title: "x", path: "/v1/reports", body: null }, "key", { text: "井盖" });
  const [waits] = await items();
  expect(waits).toMatchObject({ state: "waiting", form: { key: "key", value: { text: "井盖" } } });
  expect(await backToForm(waits?.id ?? "", (value) => value)).toBe(false);
  expect(after(waits as Item, { is: "sent" }, 5)).toMatchObject({ form: undefined });
});

test("a device without room is no fault of what was sent again", async () => {
  const unheard = vi.fn();
  process.on("unhandledRejection", unheard);
  put("1", { state: "refused", problem: { status: 400, code: "no" } });
  city(() => {
    fake.full = true; // it fills up while the request is under way
    return yes();
  });
  await sendAgain("1");
  await vi.waitFor(() => expect(fake.full).toBe(true));
  await new Promise((done) => setTimeout(done, 20));
  process.off("unhandledRejection", unheard);
  expect(unheard).not.toHaveBeenCalled();
  await drop("1");
});
