/** Photos as small pictures; each opens whole. */
import css from "./console.module.css";
import { room } from "./words";

export function Photos({ photos }: { photos: readonly { shown: string; thumb: string }[] }) {
  const say = room.use();
  if (photos.length === 0) return null;
  return (
    <p className={css.photos}>
      {photos.map((photo, place) => (
        <a key={photo.shown} href={photo.shown} target="_blank" rel="noreferrer">
          <img src={photo.thumb} alt={say("photo", { n: place + 1 })} loading="lazy" />
        </a>
      ))}
    </p>
  );
}
