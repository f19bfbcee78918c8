import { expect, test } from "vitest";
import type { DeedView } from "./data";
import { blank, bodyOf, missing, type Picture } from "./form";

function deed(more: Partial<DeedView>): DeedView {
  return { name: "x", media: "application/json", always: {}, fields: [], ...more } as unknown as DeedView;
}
function field(name: string, takes: string, gives: string, needed = true, choices: unknown[] = []) {
  return { name, takes, gives, needed, label: name, choices, value: null } as unknown as DeedView["fields"][number];
}
const photo: Picture = { bytes: new ArrayBuffer(2), type: "image/jpeg", name: "1.jpg" };

test("a deed without a form has no body", () => {
  expect(bodyOf(deed({ name: "sign" }), {}, "+0800")).toBeNull();
});

test("work is finished with eight words or a photo", () => {
  const finish = deed({ name: "finish", media: "multipart/form-data", fields: [field("note", "note", "text", false), field("photos", "photos", "files", false)] });
  expect(missing(finish, { note: "修好了", photos: [] })).toEqual(["proof"]);
  expect(missing(finish, { note: "", photos: [photo] })).toEqual([]);
  expect(bodyOf(finish, { note: "", photos: [photo] }, "+0800")).toEqual({
    form: [{ name: "photos", bytes: photo.bytes, type: "image/jpeg", file: "1.jpg" }],
  });
});

test("numbers, answers, lists and moments are sent as their route wants them", () => {
  const asked = deed({
    always: { granted: true },
    fields: [field("n", "number", "int"), field("found", "answer", "bool"), field("units", "units", "list"), field("until", "moment", "moment")],
  });
  expect(bodyOf(asked, { n: "3", found: "false", units: ["a", "b"], until: "2026-03-06T16:00" }, "+0800")).toEqual({
    json: { granted: true, n: 3, found: false, units: ["a", "b"], until: "2026-03-06T16:00:00+08:00" },
  });
});

test("what a choice brings with it is sent too", () => {
  const ask = deed({ fields: [field("reason", "choice", "text", true, [{ value: "rain", words: "下雨", sets: { kind: "extension" } }])] });
  expect(bodyOf(ask, { reason: "rain" }, "+0800")).toEqual({ json: { kind: "extension", reason: "rain" } });
  expect(missing(ask, blank(ask))).toEqual(["reason"]);
});
