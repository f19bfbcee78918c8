/** The words of codes (facts, states, reasons, errors, classes) in the language shown, from the server. */
import { route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { keepZone } from "@/lib/dates";
import { overlay, useLanguage } from "@/words/words";
import { send } from "./client";

export type Codes = Record<string, string>;
export type SayCode = (code: string, given?: Record<string, string | number>) => string;

interface Said {
  language: string;
  languages: string[];
  zone: string;
  words: Codes;
}

async function fetched(language: string): Promise<Said> {
  const said = await send<Said>("GET", route`/v1/words/${language}`, undefined, { keep: "" });
  keepZone(said.zone);
  overlay(language, said.words);
  return said;
}

/** The server's words; empty until they are there. */
export function useSaid(): Said {
  const language = useLanguage();
  const asked = useQuery({ queryKey: ["words", language], queryFn: () => fetched(language), staleTime: Infinity });
  return asked.data ?? { language, languages: ["zh", "en"], zone: "", words: {} };
}

/** Says a code in the language shown; the code itself where it has no words. */
export function useCode(): SayCode {
  const { words } = useSaid();
  return (code, given) => {
    const text = words[code] ?? code;
    return given ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole)) : text;
  };
}
