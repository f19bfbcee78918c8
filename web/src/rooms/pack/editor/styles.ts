/** Styles that a library writes into the page, without a word of them in the page: its policy allows no inline style.
 *
 * The editor's parts (antd, CodeMirror) make `<style>` elements and put text into them. Each is given an element that the
 * browser takes for no style; what is written into it goes into a constructed style sheet, which the policy allows.
 */
let diverted = false;

/** From now on, for as long as the page is open. Call it before the library is fetched. */
export function divertStyles(): void {
  if (diverted) return;
  diverted = true;
  const create = document.createElement.bind(document);
  const divert = (name: string, options?: ElementCreationOptions): Element => (name.toLowerCase() === "style" ? standIn() : create(name, options));
  document.createElement = divert as typeof document.createElement;
}

function standIn(): Element {
  const made = document.createElementNS(null, "STYLE"); // as libraries look for it; no style to the browser
  made.setAttribute("data-stand-in", "");
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  new MutationObserver(() => sheet.replaceSync(made.textContent ?? "")).observe(made, { childList: true, characterData: true, subtree: true });
  return made;
}
