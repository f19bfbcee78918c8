/** The words of a room, Chinese and English side by side; further languages and the city's own come from the server. */
import { useSyncExternalStore } from "react";

export type Language = string; // zh, en, one that the pack brings, or two side by side: zh+en
type Pair = readonly [zh: string, en: string];
type Given = Record<string, string | number>;

const KEPT = "cityloop.lang";
let language: Language = first();
let over: Record<string, string> = {}; // `web.<room>.<name>` → words, for the language that is shown
const listeners = new Set<() => void>();

function first(): Language {
  const asked = new URLSearchParams(globalThis.location?.search ?? "").get("lang");
  const kept = asked ?? read(KEPT);
  if (kept) return kept;
  return globalThis.navigator?.language?.toLowerCase().startsWith("en") ? "en" : "zh";
}

function read(key: string): string | null {
  try {
    return globalThis.localStorage?.getItem(key) ?? null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** The language that is shown. */
export function languageNow(): Language {
  return language;
}

/** Show another language, and remember it. */
export function speak(next: Language): void {
  language = next;
  over = {};
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // a browser that keeps nothing shows it until it is closed
  }
  tell();
}

/** Words that the server brings for the language that is shown, over our own. */
export function overlay(of: Language, words: Record<string, string>): void {
  if (of !== language) return;
  over = words;
  tell();
}

const LEFTWARD = new Set(["ug", "ar", "fa", "ur", "he"]); // written from right to left

function mark(): void {
  if (!globalThis.document) return;
  const main = language.split("+")[0] ?? "zh";
  document.documentElement.lang = main === "zh" ? "zh-CN" : main;
  document.documentElement.dir = LEFTWARD.has(main) ? "rtl" : "ltr";
}

function tell(): void {
  mark();
  stamp += 1;
  listeners.forEach((each) => each());
}
let stamp = 0;
mark();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const TONGUES: Record<string, string> = { zh: "中文", en: "English" };

/** What a language calls itself, or two that are shown together. */
export function tongue(of: Language): string {
  return of.split("+").map((each) => TONGUES[each] ?? each).join(" + ");
}

/** What is said in each language that is shown, once: `both("zh+en", (each) => …)`. */
export function both(of: Language, say: (each: Language) => string): string {
  return [...new Set(of.split("+").map(say))].filter(Boolean).join(" ");
}

/** A name that the server gave in several languages, in the one shown or in two; what has none in it says English. */
export function named(names: Readonly<Record<string, string>> | null | undefined, of: Language): string {
  return names ? both(of, (each) => names[each] || names.en || Object.values(names)[0] || "") : "";
}

const SPOKEN: Record<string, string> = { zh: "zh-CN", en: "en-GB" };

/** The tag by which a browser reads aloud and listens: of two languages the first. */
export function spoken(of: Language): string {
  const main = of.split("+")[0] ?? of;
  return SPOKEN[main] ?? main;
}

/** The language that is shown, watched. */
export function useLanguage(): Language {
  useSyncExternalStore(subscribe, () => stamp);
  return language;
}

/** `{count} left` with what is given put in. */
export function filled(text: string, given?: Given): string {
  return given ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole)) : text;
}

export type Say<K extends string> = (name: K, given?: Given) => string;

/** The words of a room: `const use = words("resident", { send: ["发送", "Send"] })`, then `const say = use()`. */
export function words<K extends string>(room: string, pairs: Record<K, Pair>): { use: () => Say<K>; say: Say<K> } {
  const say: Say<K> = (name, given) => {
    const [zh, en] = pairs[name];
    return filled(over[`web.${room}.${name}`] ?? both(language, (each) => (each === "zh" ? zh : en)), given);
  };
  return {
    say,
    use: () => {
      useLanguage();
      return say;
    },
  };
}
