/** The bar on top: the city's name, large type, language and colour; in large type also reading aloud. */
import { useRef, useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { aloud, CAN_READ } from "@/lib/aloud";
import { useDark, wear } from "@/lib/theme";
import { Button } from "@/ui/ui";
import { speak, spoken, tongue, useLanguage } from "@/words/words";
import type { City } from "./data";
import { useElder, wearElder } from "./elder";
import { GearIcon, SoundIcon } from "./icons";
import css from "./resident.module.css";
import { resident } from "./words";

export function Bar({ city }: { city: City | undefined }) {
  const say = resident.use();
  const code = useCode();
  const elder = useElder();
  const box = useRef<HTMLDialogElement>(null);
  return (
    <header className={css.bar}>
      <button type="button" className={css.skip} onClick={() => document.getElementById("main")?.focus()}>
        {say("skip")}
      </button>
      <span className={css.city}>{city ? code("city.title") : " "}</span>
      {elder && CAN_READ && <ReadAloud />}
      <button type="button" className={css.plain} onClick={() => box.current?.showModal()}>
        <GearIcon />
        <span>{elder ? say("settings") : say("elder")}</span>
      </button>
      <dialog ref={box} className={css.sheet} aria-label={say("settings")}>
        <Settings onDone={() => box.current?.close()} />
      </dialog>
    </header>
  );
}

function Settings({ onDone }: { onDone: () => void }) {
  const say = resident.use();
  const elder = useElder();
  const dark = useDark();
  const language = useLanguage();
  const { languages } = useSaid();
  const next = languages[(languages.indexOf(language) + 1) % languages.length] ?? "zh";
  const settle = (deed: () => void) => () => {
    deed();
    onDone();
  };
  return (
    <div className={css.stack}>
      <Button tone="loud" onClick={settle(() => wearElder(!elder))}>
        {elder ? say("elderOff") : say("elderOn")}
      </Button>
      <Button lang={spoken(next)} onClick={settle(() => speak(next))}>
        {tongue(next)}
      </Button>
      <Button onClick={settle(() => wear(dark ? "light" : "dark"))}>{dark ? say("light") : say("dark")}</Button>
      <a href="/register">{say("register")}</a>
      <a href="/console">{say("staff")}</a>
      <Button onClick={onDone}>{say("close")}</Button>
    </div>
  );
}

/** Reads what stands on the page, from its top. */
function ReadAloud() {
  const say = resident.use();
  const language = useLanguage();
  const [stop, setStop] = useState<(() => void) | null>(null);
  const press = () => {
    if (stop) {
      stop();
      setStop(null);
      return;
    }
    const text = document.getElementById("main")?.innerText ?? "";
    setStop(() => aloud(text, language, () => setStop(null)));
  };
  return (
    <button type="button" className={css.plain} aria-pressed={stop !== null} onClick={press}>
      <SoundIcon />
      <span>{stop ? say("quiet") : say("aloud")}</span>
    </button>
  );
}
