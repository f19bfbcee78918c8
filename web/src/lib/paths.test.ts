import { expect, test } from "vitest";
import { callOf, geoOf, outside, route } from "./paths";

const HOSTILE = ["../../v1/accounts", "..", ".", "a/b", "a?b=c", "a#b", "a&b=c", "a%2Fb", "%2e%2e", "javascript:alert(1)", "//evil.example", "\\\\evil", "a b", "井盖", "\r\nX: 1", "'\"><script>", "__proto__"];

test.each(HOSTILE)("%s is one word of an address, and nothing else of it changes", (id) => {
  const path = new URL(route`/v1/cases/${id}/notes`, "https://city.example");
  expect(path.origin).toBe("https://city.example");
  expect(path.pathname.split("/")).toHaveLength(5);
  expect(path.pathname).toMatch(/^\/v1\/cases\/[^/]+\/notes$/);
  expect(path.search + path.hash).toBe("");
  const question = new URL(route`/console?case=${id}&lang=${"zh"}`, "https://city.example");
  expect([...question.searchParams.keys()]).toEqual(["case", "lang"]);
  if (!/^\.+$/.test(id)) {
    expect(question.searchParams.get("case")).toBe(id);
    expect(decodeURIComponent(path.pathname.split("/")[3] ?? "")).toBe(id);
  }
});

test("a question that is made already stays as it is", () => {
  expect(route`/v1/figures?${new URLSearchParams({ by: "a&b" })}&format=${"csv"}`).toBe("/v1/figures?by=a%26b&format=csv");
});

test("an address of somebody else is one that runs nothing", () => {
  for (const good of ["https://a.example/x", "http://10.0.0.1/", "rtsp://cam/1", "/v1/stills/1"]) expect(outside(good)).toBe(good);
  for (const bad of ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "http://[", "", null]) expect(outside(bad)).toBeUndefined();
});

test("a telephone dials what is written, and does nothing else", () => {
  expect(callOf("+86 (731) 8888-1234,5")).toBe("tel:+867318888-1234,5");
  expect(callOf('12345"onclick=')).toBe("tel:12345");
  expect(geoOf({ lat: 28.2, lon: 112.9 })).toBe("geo:28.2,112.9?q=28.2,112.9");
});
