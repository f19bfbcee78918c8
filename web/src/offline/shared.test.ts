import { expect, test } from "vitest";
import { shared } from "./shared";

const settled = () => new Promise((done) => setTimeout(done));

function counted() {
  let heard: () => void = () => undefined;
  const what = { value: "a", reads: 0, listens: 0, change: () => heard() };
  const it = shared(
    "",
    async () => {
      what.reads += 1;
      return what.value;
    },
    (each) => {
      what.listens += 1;
      heard = each;
      return () => (what.listens -= 1);
    },
  );
  return { what, it };
}

test("many who look cost one reading, and one more when it changes", async () => {
  const { what, it } = counted();
  const told: string[] = [];
  const stops = Array.from({ length: 50 }, (_, n) => it.watch(() => n === 49 && told.push(it.now())));
  await settled();
  expect([what.reads, it.now(), told]).toEqual([1, "a", ["a"]]);
  what.value = "b";
  what.change();
  await settled();
  expect([what.reads, it.now()]).toEqual([2, "b"]);
  stops.forEach((stop) => stop());
  await settled();
  expect([what.listens, it.now()]).toEqual([0, ""]);
});

test("a change while it is read is read too", async () => {
  const { what, it } = counted();
  it.watch(() => undefined);
  what.change();
  what.change();
  what.value = "c";
  await settled();
  expect([what.reads, it.now()]).toEqual([2, "c"]);
});
