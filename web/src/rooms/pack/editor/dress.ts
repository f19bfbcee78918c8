/** The library's editor in our words, and open to whoever hears it: it takes no translation, and names nothing.
 *
 * Its words are exchanged where they stand, again whenever it draws; what React manages stays React's, for a text that is
 * exchanged is still the same text to it.
 */
import { pack } from "../words";

const WORDS = {
  Inputs: "dtInputs", Outputs: "dtOutputs", Description: "dtDescription", "Add row": "dtAdd", "Add row below": "dtBelow",
  "Add row above": "dtAbove", "Remove row": "dtRemove", "Remove row?": "dtRemoveAsk", Remove: "dtRemove", Cancel: "dtCancel",
  Deselect: "dtDeselect", "arrow-down": "dtBelow", "arrow-up": "dtAbove", delete: "dtRemove", close: "dtDeselect",
  swap: "dtOrder", "Reorder fields": "dtOrder", "plus-circle": "dtAdd", plus: "dtAdd",
} as const; // prettier-ignore
const ATTRIBUTES = ["aria-label", "title", "placeholder"] as const;

/** Dress what stands in a part of the page, and what comes to stand there; gives how to stop. */
export function dress(root: Element): () => void {
  const box = new MutationObserver(() => once());
  const look = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: [...ATTRIBUTES] };
  const once = () => {
    box.disconnect();
    say(root);
    name(root);
    box.observe(root, look);
  };
  once();
  return () => box.disconnect();
}

function say(root: Element): void {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode;
    const ours = text.parentElement?.closest(".cm-editor, style, textarea") ? null : word(text.nodeValue);
    if (ours !== null && ours !== text.nodeValue) text.nodeValue = ours;
  }
  for (const attribute of ATTRIBUTES)
    for (const each of root.querySelectorAll(`[${attribute}]`)) {
      const ours = word(each.getAttribute(attribute));
      if (ours !== null && ours !== each.getAttribute(attribute)) each.setAttribute(attribute, ours);
    }
}

/** Heads of columns that say nothing are none; a cell that is written in, and a menu, have a name. */
function name(root: Element): void {
  for (const each of root.querySelectorAll("th:not([role])")) if (!each.textContent?.trim()) each.setAttribute("role", "presentation");
  for (const each of root.querySelectorAll(".cm-content[role=textbox]:not([aria-label])")) each.setAttribute("aria-label", pack.say("dtCell"));
  for (const each of root.querySelectorAll(".ant-dropdown:not([role])")) {
    each.setAttribute("role", "region");
    each.setAttribute("aria-label", pack.say("dtMenu"));
  }
}

function word(given: string | null): string | null {
  const key = WORDS[given?.trim() as keyof typeof WORDS] as (typeof WORDS)[keyof typeof WORDS] | undefined;
  return key ? pack.say(key) : null;
}
