/** Speaking instead of typing: the city's own ear where it has one, else the browser's. */
import { send } from "@/api/client";
import { route } from "@/lib/paths";
import { spoken } from "@/words/words";

/** Longer than anybody speaks of one matter; what a phone records in it is far below what the server takes. */
export const SPOKEN_S_MAX = 60;

export type Ears = "city" | "browser" | null;

export interface Listening {
  /** That is all: what was said so far is written down. */
  stop(): void;
  /** Forget it. */
  leave(): void;
}

export interface Hears {
  onText: (text: string) => void;
  /** It is being written down. */
  onWriting: () => void;
  /** It is over. `error`: why nothing came of it, a refusal or what the phone says. */
  onEnd: (error?: unknown) => void;
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

const Browser = (globalThis as { SpeechRecognition?: new () => Recognition; webkitSpeechRecognition?: new () => Recognition }).SpeechRecognition ?? (globalThis as { webkitSpeechRecognition?: new () => Recognition }).webkitSpeechRecognition;

/** Who would write it down here: the browser's own recognition sends the sound to its maker, so the city's comes first. */
export function ears(city_hears: boolean): Ears {
  if (city_hears && typeof MediaRecorder !== "undefined" && navigator.mediaDevices) return "city";
  return Browser ? "browser" : null;
}

/** Listen until it is stopped. */
export function listen(with_ears: Ears, language: string, hears: Hears): Listening {
  return with_ears === "city" ? recorded(language, hears) : recognised(language, hears);
}

function recognised(language: string, { onText, onEnd }: Hears): Listening {
  if (!Browser) return { stop: onEnd, leave: onEnd };
  const browser = new Browser();
  browser.lang = spoken(language);
  browser.interimResults = false;
  browser.onresult = ({ results }) => onText(Array.from(results, (each) => each[0]?.transcript ?? "").join(""));
  browser.onend = () => onEnd();
  browser.onerror = () => onEnd();
  browser.start();
  const leave = () => {
    browser.onresult = browser.onend = browser.onerror = null;
    browser.stop();
  };
  return { stop: () => browser.stop(), leave };
}

function recorded(language: string, { onText, onWriting, onEnd }: Hears): Listening {
  let recorder: MediaRecorder | null = null;
  let over = false;
  let left = false; // nobody waits for the words any more: the form may hold another report by then
  const stop = () => {
    over = true;
    if (recorder?.state === "recording") recorder.stop();
  };
  const leave = () => {
    left = true;
    stop();
  };
  const run = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const free = () => stream.getTracks().forEach((track) => track.stop());
    if (over) {
      free();
      onEnd();
      return;
    }
    const pieces: Blob[] = [];
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const longest = setTimeout(stop, SPOKEN_S_MAX * 1000);
    recorder.onstop = async () => {
      clearTimeout(longest);
      free();
      if (left) return;
      onWriting();
      try {
        const { text } = await send<{ text: string }>("POST", route`/v1/heard?lang=${language}`, new Blob(pieces, { type: recorder?.mimeType }));
        if (left) return;
        if (text) onText(text);
        onEnd(text ? undefined : new Silence());
      } catch (error) {
        if (!left) onEnd(error);
      }
    };
    recorder.start();
  };
  run().catch(onEnd); // no microphone, or it may not be used
  return { stop, leave };
}

/** What was typed, then what was said: with a space where the script has spaces. */
export function joined(typed: string, said: string): string {
  return /[\p{Script=Latin}\d.,!?;:]$/u.test(typed) ? `${typed} ${said}` : typed + said;
}

/** Something was recorded, and nobody spoke in it. */
export class Silence extends Error {}
