/** A text read aloud by the browser's own voice. */
import { spoken } from "@/words/words";

/** Whether this browser can read aloud. */
export const CAN_READ = "speechSynthesis" in globalThis;

/** Read a text aloud; what is being read stops. Answers how to stop. */
export function aloud(text: string, language: string, onEnd: () => void): () => void {
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.lang = spoken(language);
  said.rate = 0.9;
  said.onend = onEnd;
  said.onerror = onEnd;
  speechSynthesis.speak(said);
  return () => speechSynthesis.cancel();
}
