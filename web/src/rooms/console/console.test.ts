import { describe, expect, it } from "vitest";
import type { Deed, Line } from "./api";
import { deskOf, DESKS, fitting, tabOf, tabsOf } from "./furniture";
import { atOnce, blank, bodyOf, formOf, keyOf, missing } from "./forms";
import { isTyping, KEYS, meaning, typedOn } from "./keys";
import { filterOf, placesOf, viewOf } from "./places";
import { nextAfter, scrollTo, windowOf } from "./virtual";

const field = (name: string, takes: string, more: object = {}) => ({ name, takes, gives: "text", label: name, needed: true, value: null, choices: [], ...more });
const deed = (fields: object[], more: object = {}) => ({ name: "d", label: "d", done: "", why_not: null, why_not_code: null, loud: true, method: "POST", path: "/x", media: "application/json", always: {}, fields, ...more }) as Deed;
const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });

describe("furniture", () => {
  it("seats each at the first desk that they may have", () => {
    expect(deskOf(["case.read", "case.accept"]).name).toBe("acceptor");
    expect(deskOf(["case.accept", "case.file"]).name).toBe("duty_leader");
    expect(deskOf(["case.dispatch"]).name).toBe("dispatcher");
    expect(deskOf(["case.handle"]).name).toBe("department");
    expect(deskOf([]).name).toBe("reader");
  });
  it("finds the list that an address shows", () => {
    const tabs = tabsOf(DESKS[0] ?? DESKS[1]!); // eslint-disable-line @typescript-eslint/no-non-null-assertion
    for (const tab of tabs) expect(tabOf(tabs, tab.ask as Record<string, string>)).toBe(tab);
    expect(tabOf(tabs, { view: "mine", lamp: "green" })).toBeUndefined();
  });
  it("offers for many what fits some of them", () => {
    const accept = { name: "accept", states: ["reported"] };
    const verify = { name: "ask_verify", states: ["reported", "to_file"] };
    expect(fitting([accept, verify], ["reported", "to_file", "closed"])).toEqual([
      { deed: accept, count: 1 },
      { deed: verify, count: 2 },
    ]);
    expect(fitting([accept], ["closed"])).toEqual([]);
  });
});

describe("hostile names", () => {
  it("spoil nothing: a name that means something to the language is a name like another", () => {
    const always = JSON.parse('{"__proto__": {"spoiled": true}, "constructor": {"prototype": {"spoiled": true}}}') as object;
    const typed = JSON.parse('{"__proto__": "x", "constructor": "y", "prototype": "z"}') as Record<string, string>;
    const sets = JSON.parse('{"__proto__": {"spoiled": true}}') as Record<string, string>;
    const fields = [...["__proto__", "constructor", "prototype"].map((name) => field(name, "text")), field("reason", "choice", { choices: [{ value: "a", words: "", sets }] })];
    const body = bodyOf(deed(fields, { always }), { ...typed, reason: keyOf({ value: "a", words: "", sets }) }, "");
    expect(({} as { spoiled?: boolean }).spoiled).toBeUndefined();
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect((body as { spoiled?: boolean }).spoiled).toBeUndefined();
    expect(Object.getOwnPropertyNames(body)).toEqual(expect.arrayContaining(["__proto__", "constructor", "prototype", "reason"]));
  });
});

describe("forms", () => {
  const asked = deed([
    field("reason", "choice", { choices: [{ value: "weather", words: "", group: "A", sets: { kind: "extension" } }, { value: "weather", words: "", group: "B", sets: { kind: "deferral" } }] }),
    field("length_value", "number", { gives: "int", needed: false }),
    field("length_unit", "choice", { needed: false, choices: [{ value: "work_day", words: "" }] }),
    field("until", "moment", { gives: "moment", needed: false }),
    field("note", "note", { needed: false }),
  ]);
  it("lets a choice say what goes with it", () => {
    expect(bodyOf(asked, { reason: "weather/deferral", length_value: "2", length_unit: "work_day", until: "2026-03-06T08:00" }, "+08:00")).toEqual({
      reason: "weather", kind: "deferral", length_value: 2, length_unit: "work_day", until: "2026-03-06T08:00:00+08:00",
    }); // prettier-ignore
  });
  it("sends no unit of a length that nobody gave, and nothing that is empty", () => {
    expect(bodyOf(asked, { reason: "weather/extension", length_unit: "work_day", note: "  " }, "+08:00")).toEqual({ reason: "weather", kind: "extension" });
  });
  it("carries what is always carried, and turns texts into what the route takes", () => {
    const many = deed([field("units", "units", { gives: "list" }), field("passed", "answer", { gives: "bool" })], { always: { granted: true } });
    expect(bodyOf(many, { units: "a b", passed: "false" }, "")).toEqual({ granted: true, units: ["a", "b"], passed: false });
  });
  it("sends what was chosen, however the choices stand by then, and asks again where it is offered no more", () => {
    const of = (...values: string[]) => deed([field("place", "choice", { choices: values.map((value) => ({ value, words: "" })) })]);
    expect(bodyOf(of("new", "was"), { place: "was" }, "")).toEqual({ place: "was" });
    expect([missing(of("was"), { place: "was" }), missing(of("new"), { place: "was" })]).toEqual([[], ["place"]]);
  });
  it("knows what is missing, and when one key is enough", () => {
    expect(missing(asked, { reason: " " })).toEqual(["reason"]);
    expect(atOnce(deed([field("unit", "unit", { value: "roads" })]))).toBe(true);
    expect(atOnce(deed([field("unit", "unit")]))).toBe(false);
    expect(blank(deed([field("unit", "unit", { value: "roads" }), field("b", "text")]))).toEqual({ unit: "roads" });
  });
  it("makes a form with files", () => {
    const form = formOf({ passed: true, note: "x" }, [new File(["1"], "a.jpg")]);
    expect([...form.keys()]).toEqual(["passed", "note", "photos"]);
    expect(form.get("passed")).toBe("true");
  });
});

describe("keys", () => {
  it("each key of the sheet means what the sheet says", () => {
    for (const { keys, does } of KEYS)
      for (const key of keys.split(" ")) {
        if (key === "…") continue;
        const pressed = key === "Ctrl+K" ? press("k", { ctrlKey: true }) : key === "⌘K" ? press("k", { metaKey: true }) : press({ "↓": "ArrowDown", "↑": "ArrowUp", Esc: "Escape" }[key] ?? key);
        expect(meaning(pressed, false, true)?.[0], key).toBe(does);
      }
  });
  it("keeps out of the way of who writes, and of who turned single keys off", () => {
    expect(meaning(press("a"), true, true)).toBeNull();
    expect(meaning(press("k", { ctrlKey: true }), true, true)?.[0]).toBe("search");
    expect(meaning(press("a"), false, false)).toBeNull();
    expect(meaning(press("ArrowDown"), false, false)?.[0]).toBe("next");
    expect(meaning(press("a", { altKey: true }), false, true)).toBeNull();
    const box = document.createElement("input");
    expect(isTyping(box)).toBe(true);
    expect(isTyping(document.body)).toBe(false);
  });
});

describe("a hand on the keys", () => {
  const at = (timeStamp: number, key: string, target: EventTarget = document.body) => ({ key, target, timeStamp });
  const field = () => document.body.appendChild(document.createElement("textarea"));

  it("goes through the list while a key is held, and does nothing else again and again", () => {
    const held = { repeat: true };
    expect(["j", "k", "ArrowDown"].map((key) => meaning(press(key, held), false, true)?.[0])).toEqual(["next", "back", "next"]);
    for (const key of ["a", "1", "x", "]", "r"]) expect(meaning(press(key, held), false, true), key).toBeNull();
  });
  it("gives no order by the rest of a word whose field has gone, until it rests", () => {
    const goesOn = typedOn();
    const box = field();
    expect(goesOn(at(0, "h", box))).toBe(false);
    box.remove();
    expect(goesOn(at(200, "a"))).toBe(true);
    expect(goesOn(at(1_100, "j"))).toBe(true); // it has not rested since
    expect(goesOn(at(1_200, "Escape"))).toBe(false);
    expect(goesOn(at(5_000, "a"))).toBe(false);
  });
  it("gives orders at once when it left the field itself, or the field is still there", () => {
    const goesOn = typedOn();
    const [left, there] = [field(), field()];
    goesOn(at(0, "h", left));
    goesOn(at(100, "Enter", left));
    left.remove();
    expect(goesOn(at(200, "j"))).toBe(false);
    goesOn(at(300, "h", there));
    expect(goesOn(at(400, "j"))).toBe(false);
    there.remove();
  });
});

describe("a long list", () => {
  it("draws what is in sight, and as much room as all would take", () => {
    const all = windowOf(100_000, 56, 560_000, 800);
    expect(all.last - all.first).toBeLessThan(40);
    expect(all.above + (all.last - all.first) * 56 + all.below).toBe(100_000 * 56);
    expect(windowOf(0, 56, 0, 800)).toEqual({ first: 0, last: 0, above: 0, below: 0 });
    expect(windowOf(3, 56, 0, 800)).toMatchObject({ first: 0, last: 3, below: 0 });
    expect(windowOf(3, 56, 9_000, 800)).toMatchObject({ first: 3, last: 3 }); // the list became short under who scrolled
  });
  it("brings a row into sight, and leaves one that is", () => {
    expect(scrollTo(0, 56, 100, 800)).toBe(0);
    expect(scrollTo(20, 56, 0, 800)).toBe(376);
    expect(scrollTo(5, 56, 0, 800)).toBeNull();
  });
  it("what comes next is what took its place", () => {
    expect(nextAfter(["a", "b", "c"], "b")).toBe("c");
    expect(nextAfter(["a", "b", "c"], "c")).toBe("b");
    expect(nextAfter(["a"], "a")).toBeUndefined();
    expect(nextAfter(["a"], "x")).toBe("a");
  });
  it("asks tiles only for what they can tell apart", () => {
    const lists = { waits: [{ value: "dispatch", words: "", sets: { state: "to_dispatch" } }, { value: "answer", words: "", sets: { state: "" } }], mine: ["reported"] } as unknown as Parameters<typeof filterOf>[1];
    expect(filterOf({ view: "open", lamp: "red", area: "1" }, lists)).toEqual({ open: true, lamp: ["red"], area: "1" });
    expect(filterOf({ view: "open", waits: "dispatch" }, lists)).toEqual({ open: true, state: ["to_dispatch"] });
    expect(filterOf({ view: "over" }, lists)).toEqual({ open: false });
    expect(filterOf({ view: "mine" }, lists)).toEqual({ open: true, state: ["reported"] });
    for (const other of [{ q: "x" }, { mark: "urged" }, { waits: "answer" }, { waits: "dispatch", state: "closed" }]) expect(filterOf(other as unknown as Record<string, string>, lists)).toBeNull();
    expect(viewOf("112.9,28.2,13.5")).toEqual({ lon: 112.9, lat: 28.2, zoom: 13.5 });
    expect(viewOf("x")).toBeUndefined();
  });
  it("places are those of the list, the fullest first", () => {
    const line = (street: string) => ({ case: { street, district: "1" }, place: street }) as Line;
    expect(placesOf([line("a"), line("b"), line("b")]).map((each) => [each.area, each.lines.length])).toEqual([["b", 2], ["a", 1]]);
  });
});
