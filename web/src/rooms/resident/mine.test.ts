import { beforeEach, expect, test, vi } from "vitest";
import { fake, reset } from "@/offline/fake";
import { harvest, REPORT } from "./mine";

vi.mock("@/offline/db", () => import("@/offline/fake"));
beforeEach(reset);

test("an answer that says nothing does not keep the codes of later reports away", async () => {
  const sent = { kind: REPORT, title: "x", account: "", state: "sent", path: "/v1/reports" };
  fake.stores.outbox.set("1", { ...sent, id: "1", made_at: 1, answer: undefined });
  fake.stores.outbox.set("2", { ...sent, id: "2", made_at: 2, answer: { tracking_code: "K7", received_at: "2026-03-02T00:00:00Z" } });
  await harvest();
  expect(fake.stores.shelf.get("mine")).toMatchObject([{ code: "K7", id: "2" }]);
  expect([...fake.stores.outbox.keys()]).toEqual(["1"]);
});
