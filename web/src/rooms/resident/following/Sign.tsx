/** The sign of a receipt, to be scanned; as a picture that a long press saves where nothing can be printed or downloaded. */
import { type SyntheticEvent, useState } from "react";
import css from "../resident.module.css";

const WIDE = 640; // px of the picture that is saved

export function Sign({ src, alt, asPicture }: { src: string; alt: string; asPicture: boolean }) {
  const [picture, setPicture] = useState<string | null>(null);
  const draw = (event: SyntheticEvent<HTMLImageElement>) => {
    if (!asPicture || picture) return;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = WIDE;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, WIDE, WIDE);
    pen.drawImage(event.currentTarget, 0, 0, WIDE, WIDE);
    setPicture(canvas.toDataURL("image/png"));
  };
  return <img className={css.qr} src={picture ?? src} alt={alt} onLoad={draw} />;
}
