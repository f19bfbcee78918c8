/** Photos by the camera or out of the gallery, small enough for a slow network, each with a way to take it back. */
import { useEffect, useId, useMemo, useState } from "react";
import type { Later, Step } from "@/offline";
import type { Picture } from "./form";
import { Icon } from "./icons";
import { pictureOf } from "./photos";
import css from "./work.module.css";
import { work } from "./words";

interface Given {
  label: string;
  value: Picture[];
  most: number;
  wrong?: string | null;
  onChange: (how: Later<Step<Picture[]>>) => void;
}

export function PhotoField({ label, value, most, wrong, onChange }: Given) {
  const say = work.use();
  const id = useId();
  const [broken, setBroken] = useState(false);
  const pictures = Array.isArray(value) ? value : [];

  const taken = async (files: File[]): Promise<Step<Picture[]>> => {
    const found: Picture[] = [];
    setBroken(false);
    for (const file of files.slice(0, most - pictures.length)) {
      try {
        found.push(await pictureOf(file));
      } catch {
        setBroken(true);
      }
    }
    return (before) => [...(Array.isArray(before) ? before : []), ...found].slice(0, most);
  };

  return (
    <div className={css.photoField}>
      <span id={`${id}-label`} className={css.label}>
        {label}
      </span>
      <div className={css.photos}>
        {pictures.map((picture, n) => (
          <Shown key={`${n}-${picture.bytes.byteLength}`} picture={picture} alt={`${label} ${n + 1}`}>
            <button type="button" aria-label={say("remove", { n: n + 1 })} onClick={() => onChange((before) => before.filter((each) => each !== picture))}>
              ×
            </button>
          </Shown>
        ))}
        {pictures.length < most && (
          <label className={css.camera} htmlFor={id}>
            <Icon of="camera" />
            {say("photo")}
            <input
              id={id}
              type="file"
              accept="image/*"
              multiple
              aria-labelledby={`${id}-label`}
              onChange={(event) => {
                onChange(taken([...(event.target.files ?? [])]));
                event.target.value = "";
              }}
            />
          </label>
        )}
      </div>
      {(wrong || broken) && (
        <span className={css.wrong} role="alert">
          {broken ? say("photoNo") : wrong}
        </span>
      )}
    </div>
  );
}

function Shown({ picture, alt, children }: { picture: Picture; alt: string; children: React.ReactNode }) {
  const url = useMemo(() => URL.createObjectURL(new Blob([picture.bytes], { type: picture.type })), [picture]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <span className={css.taken}>
      <img src={url} alt={alt} />
      {children}
    </span>
  );
}

/** Why one cannot send yet: a photo is still being made ready. */
export function GettingReady({ is }: { is: boolean }) {
  const say = work.use();
  return (
    <p role="status" className={css.quiet}>
      {is && say("gettingReady")}
    </p>
  );
}
