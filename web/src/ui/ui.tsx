/** The few parts that all pages are made of. They know no server, no address and no city. */
import type { ButtonHTMLAttributes, InputHTMLAttributes, MouseEvent, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { Fragment, useId } from "react";
import css from "./ui.module.css";

type Tone = "plain" | "loud" | "danger";

/** A button. `why` says why it cannot be pressed now: it stays reachable, and tells. */
export function Button({ tone = "plain", why, ...rest }: { tone?: Tone; why?: string | null } & ButtonHTMLAttributes<HTMLButtonElement>) {
  const note = useId();
  const classes = [css.button, tone === "loud" && css.loud, tone === "danger" && css.danger, rest.className].filter(Boolean).join(" ");
  if (why)
    return (
      <>
        <button {...rest} type="button" className={classes} aria-disabled="true" aria-describedby={note} title={why} onClick={(event) => event.preventDefault()} />
        <span id={note} className="unseen">
          {why}
        </span>
      </>
    );
  return <button type="button" {...rest} className={classes} />;
}

/** What goes where: a link that looks like a button. */
export function ButtonLink({ tone = "plain", href, onClick, children }: { tone?: Tone; href: string; onClick?: (event: MouseEvent) => void; children: ReactNode }) {
  return (
    <a className={[css.button, tone === "loud" && css.loud].filter(Boolean).join(" ")} href={href} onClick={onClick}>
      {children}
    </a>
  );
}

interface Labelled {
  label: string;
  hint?: string;
  wrong?: string | null;
}

function Around({ id, label, hint, wrong, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <span id={`${id}-hint`} className={css.hint}>
          {hint}
        </span>
      )}
      {wrong && (
        <span id={`${id}-wrong`} className={css.wrong} role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}

function said(id: string, { hint, wrong }: { hint?: string; wrong?: string | null }) {
  const by = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return { id, className: css.input, "aria-invalid": wrong ? true : undefined, "aria-describedby": by || undefined };
}

/** A line to type into, with its label, and what is wrong with it right under it. */
export function Field({ label, hint, wrong, ...rest }: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Around {...{ id, label, hint, wrong }}>
      <input {...rest} {...said(id, { hint, wrong })} />
    </Around>
  );
}

/** Several lines to type into. */
export function TextArea({ label, hint, wrong, ...rest }: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Around {...{ id, label, hint, wrong }}>
      <textarea rows={3} {...rest} {...said(id, { hint, wrong })} />
    </Around>
  );
}

/** Value, words, and under which heading it stands, if any. */
export type Choice = readonly [value: string, words: string, group?: string | null];

/** One of a few, or of many under headings. */
export function Select({ label, hint, wrong, choices, empty, ...rest }: Labelled & { choices: readonly Choice[]; empty?: string } & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  const groups = grouped(choices);
  return (
    <Around {...{ id, label, hint, wrong }}>
      <select {...rest} {...said(id, { hint, wrong })}>
        {empty !== undefined && <option value="">{empty}</option>}
        {groups.length === 1 && !groups[0]?.[0]
          ? choices.map(option)
          : groups.map(([group, some]) => (
              <optgroup key={group} label={group || "…"}>
                {some.map(option)}
              </optgroup>
            ))}
      </select>
    </Around>
  );
}

function option([value, words]: Choice) {
  return (
    <option key={value} value={value}>
      {words}
    </option>
  );
}

/** Choices by their headings, in their order. */
export function grouped(choices: readonly Choice[]): [string, Choice[]][] {
  const found = new Map<string, Choice[]>();
  for (const choice of choices) found.set(choice[2] ?? "", [...(found.get(choice[2] ?? "") ?? []), choice]);
  return [...found];
}

interface Hit {
  key: string;
  name: string;
  within: string;
}

/** What was found by its name, to choose one of. `id` is what the field above it names as its list. */
export function Hits<T extends Hit>({ id, hits, onPick }: { id?: string; hits: readonly T[]; onPick: (hit: T) => void }) {
  return (
    <ul id={id} className={css.hits}>
      {hits.map((each) => (
        <li key={each.key}>
          <button type="button" onClick={() => onPick(each)}>
            {each.name} <small>{each.within}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Something to know. Wrong ones are read aloud at once. */
export function Notice({ tone = "plain", children }: { tone?: "plain" | "good" | "wrong"; children: ReactNode }) {
  return (
    <div className={css.notice} data-tone={tone} role={tone === "wrong" ? "alert" : "status"}>
      {children}
    </div>
  );
}

export type LampColour = "green" | "yellow" | "red" | "grey";
export const LAMPS: Record<LampColour, string> = { green: "●", yellow: "▲", red: "◆", grey: "○" };

/** A lamp in colour and shape; `says` is for who cannot see it. */
export function Lamp({ colour, says }: { colour: LampColour; says: string }) {
  return (
    <span className={css.lamp} data-lamp={colour} role="img" aria-label={says} title={says}>
      {LAMPS[colour]}
    </span>
  );
}

/** A code that may break behind its slashes, where a reader takes breath. */
export function Code({ of }: { of: string }) {
  return of.split(/(?<=\/)/).map((part, n) => (
    <Fragment key={n}>
      {n > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** The layout of what will come, without moving. */
export function Skeleton({ rows = 6, says }: { rows?: number; says: string }) {
  return (
    <div className={css.skeleton} role="status" aria-busy="true" aria-label={says}>
      {Array.from({ length: rows }, (_, n) => (
        <i key={n} />
      ))}
    </div>
  );
}

/** The whole content waits: a heading says so to whoever hears the page. */
export function Coming({ rows, says }: { rows?: number; says: string }) {
  return (
    <>
      <h1 className="unseen">{says}</h1>
      <Skeleton rows={rows} says={says} />
    </>
  );
}

/** The whole page waits; it has its main part all the same. */
export function Opening({ rows, says }: { rows?: number; says: string }) {
  return (
    <main>
      <Coming rows={rows} says={says} />
    </main>
  );
}

/** Nothing here, why, and what one may do. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className={css.empty}>{children}</div>;
}

/** How far long work is. */
export function Progress({ value, max, says }: { value?: number; max: number; says: string }) {
  return (
    <label className={css.field}>
      <span>{says}</span>
      <progress className={css.progress} value={value} max={max} />
    </label>
  );
}
