/** Rubbing over faces and plates: the bytes below the finger become one colour, for good. */
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { Button } from "@/ui/ui";
import { drawn, pixelate, stone } from "../photo";
import css from "../resident.module.css";
import { resident } from "../words";

interface Given {
  bytes: ArrayBuffer;
  onDone: (canvas: HTMLCanvasElement) => void;
  onClose: () => void;
}
const STEP = 0.03; // of a side, for the keys
const MOVES: Record<string, readonly [number, number]> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

export default function Blur({ bytes, onDone, onClose }: Given) {
  const say = resident.use();
  const box = useRef<HTMLDialogElement>(null);
  const place = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<{ x: number; y: number } | null>(null);

  const begin = useCallback(async () => {
    const source = await drawn(new Blob([bytes], { type: "image/jpeg" }));
    const canvas = place.current;
    if (!canvas) return;
    canvas.width = source.width;
    canvas.height = source.height;
    canvas.getContext("2d", { willReadFrequently: true })?.drawImage(source, 0, 0);
  }, [bytes]);
  useEffect(() => {
    box.current?.showModal();
    void begin();
  }, [begin]);

  const rub = (x: number, y: number) => {
    const canvas = place.current;
    const pen = canvas?.getContext("2d", { willReadFrequently: true });
    if (!canvas || !pen) return;
    const side = stone(canvas.width, canvas.height);
    const image = pen.getImageData(0, 0, canvas.width, canvas.height);
    pixelate(image, x, y, side * 1.2, side);
    pen.putImageData(image, 0, 0);
  };
  const under = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons === 0) return;
    const canvas = event.currentTarget;
    const rect = canvas.getBoundingClientRect();
    rub(((event.clientX - rect.left) / rect.width) * canvas.width, ((event.clientY - rect.top) / rect.height) * canvas.height);
  };
  const key = (event: KeyboardEvent<HTMLCanvasElement>) => {
    const canvas = event.currentTarget;
    const at = cursor ?? { x: 0.5, y: 0.5 };
    const move = MOVES[event.key];
    if (!move && event.key !== " ") return;
    event.preventDefault();
    if (!move) return rub(at.x * canvas.width, at.y * canvas.height);
    const inside = (share: number) => Math.min(1, Math.max(0, share));
    setCursor({ x: inside(at.x + move[0]), y: inside(at.y + move[1]) });
  };
  return (
    <dialog ref={box} className={css.blur} aria-label={say("blur")} onClose={onClose}>
      <p>{say("blurDo")}</p>
      <div className={css.blurBox}>
        <canvas ref={place} tabIndex={0} role="img" aria-label={`${say("blurDo")} ${say("blurKeys")}`} onPointerDown={under} onPointerMove={under} onKeyDown={key} />
        {cursor && <i className={css.cursor} style={{ left: `${cursor.x * 100}%`, top: `${cursor.y * 100}%` }} />}
      </div>
      <div className={css.row}>
        <Button onClick={() => void begin()}>{say("blurAgain")}</Button>
        <Button className={css.end} onClick={() => box.current?.close()}>
          {say("close")}
        </Button>
        <Button tone="loud" onClick={() => place.current && onDone(place.current)}>
          {say("done")}
        </Button>
      </div>
    </dialog>
  );
}
