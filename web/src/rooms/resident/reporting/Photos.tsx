/** Photos: taken, made smaller, blurred, hashed; what stands here is what will be sent, byte for byte. */
import { type ChangeEvent, lazy, Suspense, useEffect, useMemo, useState } from "react";
import { moment } from "@/lib/dates";
import type { Later, Step } from "@/offline";
import { Button, Notice } from "@/ui/ui";
import type { PhotoKept } from "../draft";
import { bytesOf, drawn, sha256, short } from "../photo";
import css from "../resident.module.css";
import { resident } from "../words";
import { takeOver } from "./taken";

const Blur = lazy(() => import("./Blur"));

interface Given {
  photos: PhotoKept[];
  most: number;
  bytes_most: number;
  onChange: (how: Later<Step<PhotoKept[]>>) => void;
}

export function Photos({ photos, most, bytes_most, onChange }: Given) {
  const say = resident.use();
  const [blurring, setBlurring] = useState<number | null>(null);
  const [wrong, setWrong] = useState(false);

  const made = async (files: File[]): Promise<Step<PhotoKept[]>> => {
    const found: PhotoKept[] = [];
    for (const file of files.slice(0, most - photos.length)) {
      try {
        found.push(await kept(await drawn(file), bytes_most, new Date(file.lastModified || Date.now())));
      } catch {
        setWrong(true);
      }
    }
    return (before) => [...before, ...found].slice(0, most);
  };
  const add = (files: File[]) => {
    setWrong(false);
    onChange(made(files));
  };
  useEffect(() => {
    const files = takeOver();
    if (files.length) queueMicrotask(() => add(files));
    // once: what the camera button on the page before took
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    add([...(event.target.files ?? [])]);
    event.target.value = "";
  };
  const blurred = async (canvas: HTMLCanvasElement, old: PhotoKept): Promise<Step<PhotoKept[]>> => {
    const fresh = await kept(canvas, bytes_most, new Date(old.taken_at));
    setBlurring(null); // not before: until then what would be rubbed over once more is the old one
    return (before) => before.map((each) => (each === old ? fresh : each));
  };
  const at = blurring === null ? undefined : photos[blurring];
  return (
    <fieldset className={css.group}>
      <legend>{say("photos")}</legend>
      {photos.length > 0 && (
        <ul className={css.list}>
          {photos.map((each, n) => (
            <li key={each.sha256 ?? n} className={css.photo}>
              <Thumb photo={each} says={say("photoNo", { n: n + 1 })} />
              <div>
                <p>{say("stamp", { at: moment(each.taken_at) })}</p>
                {each.sha256 && (
                  <p className={css.quiet} title={say("digestWhat")}>
                    {say("digest", { digest: short(each.sha256) })}
                  </p>
                )}
                <div className={css.row}>
                  <Button onClick={() => setBlurring(n)}>{say("blur")}</Button>
                  <Button onClick={() => onChange((before) => before.filter((other) => other !== each))}>{say("remove")}</Button>
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {wrong && <Notice tone="wrong">{say("photoBad")}</Notice>}
      {photos.length < most ? (
        <div className={css.row}>
          <label className={css.fileButton}>
            {say("addPhoto")}
            <input type="file" accept="image/*" capture="environment" onChange={chosen} />
          </label>
          <label className={css.fileButton}>
            {say("fromAlbum")}
            <input type="file" accept="image/*" multiple onChange={chosen} />
          </label>
        </div>
      ) : (
        <p className={css.quiet}>{say("photosFull", { most })}</p>
      )}
      {at && blurring !== null && (
        <Suspense>
          <Blur bytes={at.bytes} onDone={(canvas) => onChange(blurred(canvas, at))} onClose={() => setBlurring(null)} />
        </Suspense>
      )}
    </fieldset>
  );
}

async function kept(canvas: HTMLCanvasElement, most: number, at: Date): Promise<PhotoKept> {
  const bytes = await bytesOf(canvas, most);
  return { bytes, sha256: await sha256(bytes), taken_at: at.toISOString() };
}

function Thumb({ photo, says }: { photo: PhotoKept; says: string }) {
  const address = useMemo(() => URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" })), [photo.bytes]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return <img src={address} alt={says} />;
}
