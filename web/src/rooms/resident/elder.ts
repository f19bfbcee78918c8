/** The elder version: large type and targets, read aloud, spoken in. Kept on the phone. */
import { useSyncExternalStore } from "react";
import { spoken } from "@/words/words";

const KEY = "cityloop.elder";
const listeners = new Set<() => void>();
let on = read();

function read(): boolean {
  try {
    const asked = new URLSearchParams(location.search).get("elder");
    return asked === "1" || (asked !== "0" && localStorage.getItem(KEY) === "1");
  } catch {
    return false;
  }
}

/** Whether it is on, watched. */
export function useElder(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => on,
  );
}

/** Put it on the page as it was chosen last. */
export function wearElder(next = on): void {
  on = next;
  document.documentElement.dataset.density = on ? "elder" : "phone";
  try {
    localStorage.setItem(KEY, on ? "1" : "0");
  } catch {
    // a browser that keeps nothing wears it until it is closed
  }
  listeners.forEach((each) => each());
}

interface Recognition {
  lang: string;
  interimResults: boolean;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onend: (() => void) | null;
  onerror: (() => void) | null;
  start(): void;
  stop(): void;
}

const Ears = (globalThis as { SpeechRecognition?: new () => Recognition; webkitSpeechRecognition?: new () => Recognition }).SpeechRecognition ?? (globalThis as { webkitSpeechRecognition?: new () => Recognition }).webkitSpeechRecognition;

/** Whether this browser can write down what is said. */
export const CAN_HEAR = Ears !== undefined;

/** Write down what is said. Answers how to stop. */
export function heard(language: string, onText: (text: string) => void, onEnd: () => void): () => void {
  if (!Ears) return () => undefined;
  const ears = new Ears();
  ears.lang = spoken(language);
  ears.interimResults = false;
  ears.onresult = ({ results }) => onText(Array.from(results, (each) => each[0]?.transcript ?? "").join(""));
  ears.onend = onEnd;
  ears.onerror = onEnd;
  ears.start();
  return () => ears.stop();
}
