/** Speak instead of typing: what was said comes back as words, to be read and mended before anything is sent. */
import { useEffect, useRef, useState } from "react";
import { told } from "@/api/errors";
import { useSaid } from "@/api/codes";
import { Button, Notice } from "@/ui/ui";
import { useLanguage } from "@/words/words";
import { useCity } from "../data";
import { MicIcon } from "../icons";
import css from "../resident.module.css";
import { resident } from "../words";
import { ears, listen, type Listening, Silence, SPOKEN_S_MAX } from "./ears";

type Doing = "nothing" | "listening" | "writing";

export function Speak({ onText }: { onText: (text: string) => void }) {
  const say = resident.use();
  const language = useLanguage();
  const { words } = useSaid();
  const with_ears = ears(useCity()?.hears === true);
  const [doing, setDoing] = useState<Doing>("nothing");
  const [error, setError] = useState<unknown>(null);
  const now = useRef<Listening | null>(null);
  const take = useRef(onText); // what is in the form when the words come, not when speaking began
  useEffect(() => {
    take.current = onText;
  });
  useEffect(() => () => now.current?.leave(), []);
  if (!with_ears) return null;

  const press = () => {
    if (doing === "listening") return now.current?.stop();
    setError(null);
    setDoing("listening");
    now.current = listen(with_ears, language, {
      onText: (text) => take.current(text),
      onWriting: () => setDoing("writing"),
      onEnd: (why) => {
        now.current = null;
        setDoing("nothing");
        setError(why ?? null);
      },
    });
  };
  const why = error instanceof Silence ? say("silence") : error instanceof DOMException ? say("micAway") : error ? told(error, words) : "";
  return (
    <>
      <Button aria-pressed={doing === "listening"} why={doing === "writing" ? say("writing") : null} onClick={press}>
        <MicIcon />
        {say(doing === "listening" ? "listening" : doing === "writing" ? "writing" : "speak")}
        {doing === "listening" && <Seconds />}
      </Button>
      {with_ears === "city" && doing === "nothing" && !why && <p className={css.quiet}>{say("speakHint")}</p>}
      {why && <Notice tone="wrong">{why}</Notice>}
    </>
  );
}

/** How long somebody has spoken, of how long they may. */
function Seconds() {
  const [s, setS] = useState(0);
  useEffect(() => {
    const each = setInterval(() => setS((before) => before + 1), 1000);
    return () => clearInterval(each);
  }, []);
  return (
    <small aria-hidden="true" className={css.quiet}>
      {s} / {SPOKEN_S_MAX} s
    </small>
  );
}
