/** The pin in the middle of a map that is moved beneath it. */
import css from "./map.module.css";

export function Pin({ says }: { says: string }) {
  return (
    <>
      <svg className={css.pin} viewBox="0 0 32 42" aria-hidden="true">
        <path d="M16 41C16 41 30 25 30 15A14 14 0 0 0 2 15C2 25 16 41 16 41Z" />
        <circle cx="16" cy="15" r="5" />
      </svg>
      <p className={css.hint}>{says}</p>
    </>
  );
}
