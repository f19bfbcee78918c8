/** The code on a thing: seen by the camera where the browser can, typed where it cannot. */
import { useEffect, useRef, useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Field } from "@/ui/ui";
import { type Thing, thingOf } from "./data";
import { Icon } from "./icons";
import { codeIn, tagIn } from "./photos";
import css from "./work.module.css";
import { work } from "./words";

export function Scan({ onThing }: { onThing: (thing: Thing) => void }) {
  const say = work.use();
  const { words } = useSaid();
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);

  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false; // by now the form may have been sent: the thing would come into the next one
    };
  }, []);

  const look = async (tag: string) => {
    setWrong(null);
    try {
      const thing = await thingOf(tag);
      if (open.current) onThing(thing);
    } catch (error) {
      setWrong(told(error, words));
    }
  };
  const seen = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    const tag = await codeIn(file).catch(() => null);
    if (tag) await look(tag);
    else setWrong(say("scanNo"));
  };
  return (
    <details className={css.scan}>
      <summary>{say("scan")}</summary>
      <label className={css.camera}>
        <Icon of="camera" />
        {say("photo")}
        <input type="file" accept="image/*" capture="environment" onChange={(event) => void seen(event.target.files)} />
      </label>
      <Field label={say("scanCode")} value={code} autoCapitalize="characters" autoComplete="off" wrong={wrong} onChange={(event) => setCode(event.target.value)} />
      <Button onClick={() => void look(tagIn(code))}>{say("find")}</Button>
    </details>
  );
}
