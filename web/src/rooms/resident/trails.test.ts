import { beforeEach, expect, test, vi } from "vitest";
import type { Mine } from "./mine";

const { shelf, asked, line } = vi.hoisted(() => ({ shelf: new Map<string, unknown>(), asked: [] as string[][], line: { up: true } }));
vi.mock("@/offline", () => ({
  onShelf: async (name: string) => shelf.get(name),
  changeShelf: async (name: string, change: (before: unknown) => unknown) => shelf.set(name, change(shelf.get(name))),
  onOutbox: () => () => undefined,
  shared: () => ({}),
}));
vi.mock("@/api/client", () => ({
  api: {
    POST: (_: string, { body }: { body: { codes: string[] } }) => {
      asked.push(body.codes);
      return line.up ? Promise.resolve({ data: body.codes.map((code) => ({ code, trail: code === "GONE" ? null : { state: `of ${code}` } })) }) : Promise.reject(new Error("away"));
    },
  },
  data: async (answer: Promise<{ data: unknown }>) => (await answer).data,
}));
import { found } from "./trails";

const mine = (...codes: string[]) => shelf.set("mine", codes.map((code) => ({ code }) as Mine));
const states = async (...codes: string[]) => Object.fromEntries(Object.entries((await found(codes)).kept).map(([code, { trail }]) => [code, trail && (trail as { state: string }).state]));

beforeEach(() => {
  shelf.clear();
  asked.length = 0;
  line.up = true;
});

test("one report that was looked at takes nothing from what is kept of the others", async () => {
  mine("A", "B", "GONE");
  await found(["A", "B", "GONE"]);
  await found(["B"]);
  line.up = false;
  expect(await states("A", "B", "GONE")).toEqual({ A: "of A", B: "of B", GONE: null });
  expect((await found(["A"])).old).toBe(true);
});

test("where neither the city nor the phone knows it, that is an error and not a silence", async () => {
  mine("A", "B");
  await found(["A"]);
  line.up = false;
  await expect(found(["B"])).rejects.toThrow("away");
});

test("more than the city looks up at once are asked in turns", async () => {
  const codes = Array.from({ length: 120 }, (_, n) => `C${n}`);
  mine(...codes);
  expect(Object.keys((await found(codes)).kept)).toHaveLength(120);
  expect(asked.map((each) => each.length)).toEqual([50, 50, 20]);
});

test("what the phone was told to forget is kept no longer", async () => {
  mine("A", "B");
  await found(["A", "B"]);
  mine("B");
  await found(["B"]);
  expect(Object.keys(shelf.get("trails") as object)).toEqual(["B"]);
});
