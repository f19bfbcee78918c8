import { describe, expect, it } from "vitest";
import { type Entry, type Revision, shownOf, waitingOf } from "./api";

const revision = (no: number, state: string) => ({ revision: no, state }) as Revision;
const entry = (published: number, revisions: Revision[], retired_at: string | null = null) => ({ published, revisions, retired_at }) as Entry;

describe("which text of an entry is shown", () => {
  it("is the one that is read, whatever waits above it", () => {
    const found = entry(1, [revision(2, "waiting"), revision(1, "published")]);
    expect(shownOf(found)?.revision).toBe(1);
    expect(waitingOf(found)?.revision).toBe(2);
  });
  it("is the newest before any was approved", () => {
    const found = entry(0, [revision(2, "waiting"), revision(1, "replaced")]);
    expect(shownOf(found)?.revision).toBe(2);
  });
  it("waits for nobody once it is retired", () => {
    expect(waitingOf(entry(1, [revision(2, "waiting"), revision(1, "published")], "2026-03-02T01:00:00Z"))).toBeUndefined();
  });
});
