import { linked } from "./answers/data";
import { joined } from "./reporting/ears";
import { fromThing } from "./reporting/scanned";
import { expect, test } from "vitest";
import { begun, bodyOf, EMPTY } from "./draft";
import { asksForWord, grouped, lampOf, nextOf, type Trail } from "./follow";
import { found, nearestFirst } from "./search";
import { fitted, pixelate, short, stone } from "./photo";

const photo = (sha256: string | null) => ({ bytes: new ArrayBuffer(1), sha256, taken_at: "2026-03-01T00:00:00Z" });

test("what is empty is left out of the request", () => {
  expect(begun(EMPTY)).toBe(false);
  expect(bodyOf({ ...EMPTY, text: " 路灯不亮 ", place: { lon: 1, lat: 2, accuracy_m: 5, how: "gps" } })).toEqual({
    form: [
      { name: "text", value: "路灯不亮" },
      { name: "lon", value: "1" },
      { name: "lat", value: "2" },
    ],
  });
});

test("each photo comes with its digest and moment, or none does", () => {
  const names = (draft: typeof EMPTY) => (bodyOf(draft) as { form: { name: string }[] }).form.map((each) => each.name);
  expect(names({ ...EMPTY, photos: [photo("a"), photo("b")] })).toEqual([
    "photos", "photo_sha256", "photo_taken_at", "photos", "photo_sha256", "photo_taken_at",
  ]); // prettier-ignore
  expect(names({ ...EMPTY, photos: [photo("a"), photo(null)] })).toEqual(["photos", "photos"]);
});

test("what is said goes on after what was typed, as the script writes it", () => {
  expect(joined("您好，", "路灯不亮")).toBe("您好，路灯不亮");
  expect(joined("The lamp", "is broken")).toBe("The lamp is broken");
  expect(joined("3.", "Lamp")).toBe("3. Lamp");
  expect(joined("", "路灯")).toBe("路灯");
});

test("a photo is made smaller, never larger", () => {
  expect(fitted(4000, 3000, 2048)).toEqual([2048, 1536]);
  expect(fitted(100, 50, 2048)).toEqual([100, 50]);
  expect(fitted(1, 9000, 2048)).toEqual([1, 2048]);
});

test("under the finger nothing is left but the average, and elsewhere nothing changes", () => {
  const data = new Uint8ClampedArray(16 * 16 * 4).map((_, at) => (at % 4 === 3 ? 255 : (at * 7) % 256));
  const before = data.slice();
  const image = { data, width: 16, height: 16 };
  pixelate(image, 3, 3, 2, 8);
  const at = (x: number, y: number) => [...data.slice((y * 16 + x) * 4, (y * 16 + x) * 4 + 3)];
  expect(at(0, 0)).toEqual(at(7, 7)); // one stone, one colour
  expect(data.slice(16 * 12 * 4)).toEqual(before.slice(16 * 12 * 4)); // far away as it was
  const once = data.slice();
  pixelate(image, 3, 3, 2, 8);
  expect(data).toEqual(once);
  pixelate(image, 15, 15, 40, 8); // over the edge
  expect(stone(2048, 1536)).toBe(51);
});

test("a digest and a code are told in fours", () => {
  expect(short("0123456789abcdef")).toBe("0123 4567 89ab");
  expect(grouped("ZK401121AB3D")).toBe("ZK40-1121-AB3D");
});

const trail = (more: Partial<Trail>): Trail => ({ state: "received", received_at: "", steps: [], ...more }) as Trail;
const judging = { is_open: true, until: "", solved: null, satisfied: null, changes: 0 };

test("what happens next follows from how it stands and what was said", () => {
  expect(nextOf(trail({}))).toBe("track.next.received");
  expect(nextOf(trail({ state: "handling", redos: 1 }))).toBe("track.next.handling_again");
  expect(nextOf(trail({ state: "closed", judging }))).toBe("track.next.closed_asked");
  expect(nextOf(trail({ state: "closed", judging: { ...judging, solved: "solved" } }))).toBe("track.next.closed_solved");
  expect(nextOf(trail({ state: "closed", judging: { ...judging, solved: "not" } }))).toBe("track.next.closed_not");
  expect(nextOf(trail({ state: "closed", judging: { ...judging, is_open: false } }))).toBe("track.next.closed_over");
  expect(asksForWord(trail({ state: "closed", judging }))).toBe(true);
  expect(asksForWord(trail({ state: "closed", judging: { ...judging, solved: "solved" } }))).toBe(false);
});

test("a promise's lamp turns yellow in its last fifth and red after it", () => {
  const [since, due] = ["2026-03-01T00:00:00Z", "2026-03-01T10:00:00Z"];
  const lamp = (hour: number) => lampOf(since, due, Date.parse(since) + hour * 3_600_000);
  expect([lamp(1), lamp(8), lamp(11), lampOf(since, null, 0)]).toEqual(["green", "yellow", "red", "grey"]);
});

test("a search finds by name and by the words that people use, names first", () => {
  const all = [
    { key: "a", words: ["路灯", "街灯"] },
    { key: "b", words: ["路面破损", "坑", "路灯坑"] },
  ];
  expect(found(all, "路灯").map((each) => each.key)).toEqual(["a", "b"]);
  expect(found(all, "街").map((each) => each.key)).toEqual(["a"]);
  expect(found(all, " ").length).toBe(2);
});

test("what is near comes first", () => {
  const [here, far] = [{ lon: 112.5, lat: 28.5 }, { lon: 112.6, lat: 28.5 }]; // prettier-ignore
  expect(nearestFirst([far, here], { lon: 112.51, lat: 28.5 })).toEqual([here, far]);
});

test("the address of an official text is a link, and Chinese stops are none of it", () => {
  expect(linked("见 https://city.example/a/1.html。另见http://x.example/b（附件）")).toEqual([
    { says: "见 " },
    { says: "https://city.example/a/1.html", href: "https://city.example/a/1.html" },
    { says: "。另见" },
    { says: "http://x.example/b", href: "http://x.example/b" },
    { says: "（附件）" },
  ]);
  expect(linked("javascript:alert(1)")).toEqual([{ says: "javascript:alert(1)" }]);
});

test("a scanned thing tells the place, and the class as far as the public may choose it", () => {
  const thing = { tag: "AB", component: "c", class_key: "k", class_name: {}, lon: 112.5, lat: 28.4 } as unknown as Parameters<typeof fromThing>[0];
  expect(fromThing(thing, () => true)).toEqual({ place: { lon: 112.5, lat: 28.4, accuracy_m: null, how: "thing" }, address: "", class_key: "k" });
  expect(fromThing(thing, () => false).class_key).toBeNull();
});
