import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Body } from "@/offline";
import { speak } from "@/words/words";

const { decoding, sent } = vi.hoisted(() => ({ decoding: new Map<string, (picture: unknown) => void>(), sent: [] as unknown[] }));
vi.mock("@/offline/db", () => {
  const db = { get: async () => undefined, put: async () => undefined, delete: async () => undefined };
  return { StorageFull: Error, device: async () => db, written: (deed: (to: typeof db) => unknown) => deed(db) };
});
vi.mock("@/offline/outbox", () => ({ enqueue: async (asked: unknown) => void sent.push(asked), items: async () => [], onOutbox: () => () => undefined }));
vi.mock("./photos", () => ({ pictureOf: (file: File) => new Promise((done) => decoding.set(file.name, done)) }));
vi.mock("./data", () => ({ useLists: () => ({ data: undefined }) }));
import { DeedForm } from "./DeedForm";

const field = { name: "photos", takes: "photos", gives: "files", needed: false, label: "照片", choices: [], value: null };
const deed = { name: "finish", label: "处置完成", method: "POST", path: "/v1/x", media: "multipart/form-data", always: {}, fields: [field] };
const item = { id: "case", no: 3, title: "坑", place: "路口", photos: [] };

function open(): void {
  const given = { deed, item, account: "a", offset: "+0800", photosMax: 9, onClose: () => undefined } as unknown as Parameters<typeof DeedForm>[0];
  render(
    <QueryClientProvider client={new QueryClient()}>
      <DeedForm {...given} />
    </QueryClientProvider>,
  );
}
const pick = (name: string) => fireEvent.change(screen.getByLabelText("照片"), { target: { files: [new File(["x"], name, { type: "image/jpeg" })] } });
const decoded = (name: string) => act(async () => decoding.get(name)?.({ bytes: new ArrayBuffer(2), type: "image/jpeg", name }));
const press = () => act(async () => fireEvent.click(screen.getByRole("button", { name: "处置完成" })));

beforeEach(() => {
  speak("zh");
  localStorage.clear();
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
});
afterEach(cleanup);

test("what is sent has every photo that was taken, also where the first is ready last", async () => {
  open();
  await act(async () => undefined);
  pick("a.jpg");
  pick("b.jpg");
  await press();
  fireEvent.submit(screen.getByRole("form"));
  await decoded("b.jpg");
  await press();
  expect(sent).toEqual([]);
  expect(screen.getByRole("status").textContent).not.toBe("");

  await decoded("a.jpg");
  expect(screen.getByRole("status").textContent).toBe("");
  await press();
  const { body } = sent[0] as { body: Body };
  expect(body && "form" in body && body.form.map((each) => each.file)).toEqual(["b.jpg", "a.jpg"]);
});
