/** The keys of the room: which press does what. Pure; the sheet is made from the same table. */

export interface Key {
  keys: string;
  does: "next" | "back" | "loud" | "deed" | "mark" | "all" | "many" | "read" | "side" | "search" | "filter" | "again" | "sheet" | "close" | "tab";
}

export const KEYS: readonly Key[] = [
  { keys: "j ↓", does: "next" },
  { keys: "k ↑", does: "back" },
  { keys: "a", does: "loud" },
  { keys: "1 … 9", does: "deed" },
  { keys: "c", does: "read" },
  { keys: "x", does: "mark" },
  { keys: "X", does: "all" },
  { keys: "b", does: "many" },
  { keys: "[ ]", does: "tab" },
  { keys: "/ Ctrl+K ⌘K", does: "search" },
  { keys: "f", does: "filter" },
  { keys: "m", does: "side" },
  { keys: "r", does: "again" },
  { keys: "Esc", does: "close" },
  { keys: "?", does: "sheet" },
];

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean; // the key is held down
}

const HELD: readonly Key["does"][] = ["next", "back"]; // what a held key goes on doing

/** What a press means: [deed, which]. `typing`: somebody writes, so only what no text can mean counts. */
export function meaning(press: Press, typing: boolean, single: boolean): [Key["does"], number] | null {
  const meant = pressed(press, typing, single);
  return meant && press.repeat && !HELD.includes(meant[0]) ? null : meant;
}

function pressed(press: Press, typing: boolean, single: boolean): [Key["does"], number] | null {
  if ((press.ctrlKey || press.metaKey) && press.key.toLowerCase() === "k") return ["search", 0];
  if (press.key === "Escape") return ["close", 0];
  if (typing || press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === "ArrowDown") return ["next", 0];
  if (press.key === "ArrowUp") return ["back", 0];
  if (!single) return null;
  if (/^[1-9]$/.test(press.key)) return ["deed", Number(press.key) - 1];
  const found: Record<string, [Key["does"], number]> = {
    j: ["next", 0],
    k: ["back", 0],
    a: ["loud", 0],
    c: ["read", 0],
    x: ["mark", 0],
    X: ["all", 0],
    b: ["many", 0],
    m: ["side", 0],
    "/": ["search", 0],
    f: ["filter", 0],
    r: ["again", 0],
    "?": ["sheet", 0],
    "[": ["tab", -1],
    "]": ["tab", 1],
  };
  return found[press.key] ?? null;
}

const REST_MS = 1_000;

/** Tells of each press whether it only goes on with what was typed: its field has gone from under the hand, which has not rested since.
 * Who left the field by a key (Enter, Escape, Tab) types no more. */
export function typedOn(): (event: Pick<KeyboardEvent, "key" | "target" | "timeStamp">) => boolean {
  let field: EventTarget | null = null;
  let at = 0;
  return ({ key, target, timeStamp }) => {
    if (isTyping(target)) {
      field = ["Enter", "Escape", "Tab"].includes(key) ? null : target;
      at = timeStamp;
      return false;
    }
    const goesOn = field instanceof Node && !field.isConnected && key.length === 1 && timeStamp - at < REST_MS;
    if (goesOn) at = timeStamp;
    else field = null;
    return goesOn;
  };
}

/** Whether somebody writes into this, or it listens to arrows itself. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) || target.closest("dialog[open]") !== null;
}
