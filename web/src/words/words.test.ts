import { expect, test } from "vitest";
import { both, filled, named, overlay, speak, spoken, tongue, words } from "./words";

const room = words("test", { left: ["还剩 {n} 件", "{n} left"] });

test("both languages say what is given", () => {
  speak("zh");
  expect(room.say("left", { n: 3 })).toBe("还剩 3 件");
  speak("en");
  expect(room.say("left", { n: 3 })).toBe("3 left");
});

test("a language of the pack lies over English, and leaves when another is chosen", () => {
  speak("ug");
  overlay("ug", { "web.test.left": "{n} قالدى" });
  expect(room.say("left", { n: 2 })).toBe("2 قالدى");
  overlay("fr", { "web.test.left": "late answer" });
  expect(room.say("left", { n: 2 })).toBe("2 قالدى");
  speak("en");
  expect(room.say("left", { n: 2 })).toBe("2 left");
});

test("what is not given stays to be seen", () => {
  expect(filled("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});

test("two languages stand side by side", () => {
  speak("zh+en");
  expect(room.say("left", { n: 3 })).toBe("还剩 3 件 3 left");
  expect(document.documentElement.lang).toBe("zh-CN");
  speak("en");
});

test("what the server named in several languages is said in the one shown, or in both", () => {
  const road = { zh: "迎宾路", en: "Yingbin Road" };
  expect([named(road, "zh"), named(road, "en"), named(road, "ug")]).toEqual(["迎宾路", "Yingbin Road", "Yingbin Road"]);
  expect(named(road, "zh+en")).toBe("迎宾路 Yingbin Road");
  expect([named({ zh: "12345" }, "zh+en"), named(null, "zh+en"), named({ zh: "", en: "x" }, "zh")]).toEqual(["12345", "", "x"]);
  expect(both("zh+ug+en", (each) => (each === "zh" ? "天" : "d"))).toBe("天 d");
});

test("a browser reads two languages aloud by the first", () => {
  expect(["zh", "en", "zh+en", "en+zh", "ug"].map(spoken)).toEqual(["zh-CN", "en-GB", "zh-CN", "en-GB", "ug"]);
  expect(tongue("zh+en")).toBe("中文 + English");
});

test("a language written leftward turns the page", () => {
  speak("ug");
  expect(document.documentElement.dir).toBe("rtl");
  speak("ug+zh");
  expect(document.documentElement.dir).toBe("rtl");
  speak("en");
  expect(document.documentElement.dir).toBe("ltr");
});
