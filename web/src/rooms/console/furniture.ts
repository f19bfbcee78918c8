/** The furniture of the room: which desk one sits at, and which lists stand on it. Data, by permission. */

/** A list on a desk: what the queue is asked for, under the name that its count has. */
export interface Tab {
  name: string; // mine, open, late, over, or whose deed is waited for
  ask: { view?: string; waits?: string; lamp?: string };
}

export interface Desk {
  name: string;
  needs: readonly string[]; // any of these
  tabs: readonly string[];
}

/** The desks, the most particular first: one sits at the first that one may. */
export const DESKS: readonly Desk[] = [
  { name: "duty_leader", needs: ["case.file"], tabs: ["mine", "file", "close", "approve", "judge", "answer", "late", "open", "over"] },
  { name: "acceptor", needs: ["case.accept"], tabs: ["mine", "verify", "file", "late", "open", "over"] },
  { name: "dispatcher", needs: ["case.dispatch"], tabs: ["mine", "sign", "finish", "approve", "transfer", "resume", "late", "open", "over"] },
  { name: "department", needs: ["case.handle"], tabs: ["mine", "sign", "finish", "approve", "resume", "answer", "arrive", "late", "open", "over"] },
  { name: "street", needs: ["case.whistle"], tabs: ["open", "dispatch", "arrive", "rate", "late", "over"] },
  { name: "inspector", needs: ["case.verify", "case.inspect"], tabs: ["mine", "verify", "inspect", "late", "over"] },
  { name: "leader", needs: ["case.instruct", "case.supervise"], tabs: ["late", "approve", "answer", "judge", "open", "over"] },
  { name: "seat", needs: ["order.answer"], tabs: ["open", "late", "over"] },
  { name: "reader", needs: ["case.read"], tabs: ["open", "late", "over"] },
];

const SPECIAL: Record<string, Tab["ask"]> = {
  mine: { view: "mine" },
  open: { view: "open" },
  late: { view: "open", lamp: "red" },
  over: { view: "over" },
};

/** The desk of somebody with these permissions. */
export function deskOf(permissions: readonly string[]): Desk {
  const found = DESKS.find((desk) => desk.needs.some((each) => permissions.includes(each)));
  return found ?? { name: "reader", needs: [], tabs: ["open", "late", "over"] };
}

/** The lists of a desk. */
export function tabsOf(desk: Desk): Tab[] {
  return desk.tabs.map((name) => ({ name, ask: SPECIAL[name] ?? { view: "open", waits: name } }));
}

/** The list that an address shows, if it is one of the desk's. */
export function tabOf(tabs: readonly Tab[], asked: Record<string, string>): Tab | undefined {
  const same = (tab: Tab) =>
    (tab.ask.view ?? "") === (asked.view ?? "") && (tab.ask.waits ?? "") === (asked.waits ?? "") && (tab.ask.lamp ?? "") === (asked.lamp ?? "");
  return tabs.find(same);
}

/** What a desk does for many at once, as the server says: the states of the cases that a deed fits. */
interface Fitting {
  name: string;
  states: readonly string[];
}

/** The deeds for many that fit at least one of the chosen cases, each with how many it fits. */
export function fitting<T extends Fitting>(deeds: readonly T[], states: readonly string[]): { deed: T; count: number }[] {
  return deeds.map((deed) => ({ deed, count: states.filter((state) => deed.states.includes(state)).length })).filter((each) => each.count > 0);
}
