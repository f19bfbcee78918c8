import type { CaseNearby, Spot } from "../data";

/** The same cases on a map. */
export default function AroundMap({ at, cases }: { at: Spot; cases: readonly CaseNearby[] }) {
  return <p hidden>{`${at.lon} ${cases.length}`}</p>;
}
