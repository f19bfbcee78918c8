/** Before and after, side by side, where the city shows them. */
import css from "../resident.module.css";
import { resident } from "../words";

interface Line {
  when: string;
  thumb: string;
  shown: string;
}

/** `code`: one's own, which opens one's own photos. */
export function PhotoPair({ photos, code }: { photos: readonly Line[]; code?: string }) {
  const say = resident.use();
  if (photos.length === 0) return null;
  const key = code ? `?code=${encodeURIComponent(code)}` : "";
  return (
    <ul className={css.photos}>
      {photos.map((each) => {
        const says = each.when === "after" ? say("after") : say("before");
        return (
          <li key={each.thumb}>
            <a href={each.shown + key} target="_blank" rel="noreferrer">
              <img src={each.thumb + key} alt={says} loading="lazy" />
              <span aria-hidden="true">{says}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
