import { expect, test, vi } from "vitest";
import { asking } from "@/lib/address";
import { MOST } from "./keeping";

vi.mock("./outbox", () => ({ flush: async () => undefined, items: async () => [] }));
vi.stubGlobal("__SHELLS__", { stamp: "x", files: [], pages: {} });

const kept = new Map<string, Response>();
const cache = {
  put: async (request: Request, answer: Response) => void kept.set(request.url, answer),
  keys: async () => [...kept.keys()].map((url) => new Request(url)),
  match: async (request: Request) => kept.get(request.url),
  delete: async (request: Request) => kept.delete(request.url),
};
vi.stubGlobal("caches", { open: async () => cache });
vi.stubGlobal("fetch", async () => new Response("{}"));

async function asked(path: string): Promise<Response> {
  const event = new Event("fetch") as Event & { request: Request; respondWith: (answer: Promise<Response>) => void };
  let answer: Promise<Response> | undefined;
  event.request = new Request(new URL(path, location.origin), { headers: { "X-Keep": "" } });
  event.respondWith = (given) => (answer = given);
  dispatchEvent(event);
  if (!answer) throw new Error(`the worker left ${path} alone`);
  return answer;
}

test("what somebody looked at is kept for a while, not for ever", async () => {
  await import("./worker");
  for (let n = 0; n < 5 * MOST; n++) {
    expect((await asked(`/v1/public/cases${asking({ lon: `${112 + n / 1000}`, lat: "28.4" })}`)).ok).toBe(true);
    await new Promise((done) => setTimeout(done, 2));
  }
  await asked("/v1/public/city");
  await new Promise((done) => setTimeout(done, 20));
  const places = [...kept.keys()].filter((each) => each.includes("cases"));
  expect(places.length).toBeLessThanOrEqual(MOST + 16);
  expect(places.at(-1)).toContain(`lon=${112 + (5 * MOST - 1) / 1000}&`);
  expect([...kept.keys()].some((each) => each.endsWith("/v1/public/city"))).toBe(true);
});
