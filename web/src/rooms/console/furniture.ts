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
  panels: readonly string[]; // further panels beside the case, e.g. the hotline seat's
}

/** The desks, the most particular first: one sits at the first that one may. */
export const DESKS: readonly Desk[] = [
  { name: "duty_leader", needs: ["case.file"], tabs: ["mine", "file", "close", "approve", "judge", "answer", "late", "open", "over"], panels: [] },
  { name: "acceptor", needs: ["case.accept"], tabs: ["mine", "verify", "file", "late", "open", "over"], panels: [] },
  { name: "dispatcher", needs: ["case.dispatch"], tabs: ["mine", "sign", "finish", "approve", "transfer", "resume", "late", "open", "over"], panels: [] },
  { name: "department", needs: ["case.handle"], tabs: ["mine", "sign", "finish", "approve", "resume", "answer", "arrive", "late", "open", "over"], panels: [] },
  { name: "street", needs: ["case.whistle"], tabs: ["open", "dispatch", "arrive", "rate", "late", "over"], panels: [] },
  { name: "inspector", needs: ["case.verify", "case.inspect"], tabs: ["mine", "verify", "inspect", "late", "over"], panels: [] },
  { name: "leader", needs: ["case.instruct", "case.supervise"], tabs: ["late", "approve", "answer", "judge", "open", "over"], panels: [] },
  { name: "seat", needs: ["order.answer"], tabs: ["open", "late", "over"], panels: ["seat"] },
  { name: "reader", needs: ["case.read"], tabs: ["open", "late", "over"], panels: [] },
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
  return found ?? { name: "reader", needs: [], tabs: ["open", "late", "over"], panels: [] };
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

/** A deed that may be done for many at once without asking anything, and who may. */
export const MANY: readonly { deed: string; needs: string; states: readonly string[] }[] = [
  { deed: "accept", needs: "case.accept", states: ["reported"] },
  { deed: "ask_verify", needs: "case.accept", states: ["reported", "to_file"] },
  { deed: "file", needs: "case.file", states: ["reported", "to_file"] },
  { deed: "dispatch", needs: "case.dispatch", states: ["to_dispatch"] },
  { deed: "sign", needs: "case.handle", states: ["to_sign"] },
];

/** The deeds for many that fit at least one of the chosen cases, each with how many it fits. */
export function fitting(permissions: readonly string[], states: readonly string[]): { deed: string; count: number }[] {
  return MANY.filter((each) => permissions.includes(each.needs))
    .map((each) => ({ deed: each.deed, count: states.filter((state) => each.states.includes(state)).length }))
    .filter((each) => each.count > 0);
}

/** Whether a deed for many fits a case in this state. */
export function fits(deed: string, state: string): boolean {
  return MANY.find((each) => each.deed === deed)?.states.includes(state) ?? false;
}
