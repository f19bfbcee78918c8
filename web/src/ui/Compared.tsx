/** Before and after beside each other, with what the photos say: a hint, never a verdict. */
import css from "./helped.module.css";
import { comparing } from "./helped.words";
import { Skeleton } from "./ui";

interface Shown {
  shown: string;
  thumb: string;
}

interface Props {
  found: { pair: { before: Shown; after: Shown; says: string[]; why: string[] } | null } | undefined;
}

export function Compared({ found }: Props) {
  const say = comparing.use();
  if (!found) return <Skeleton rows={2} says={say("loading")} />;
  const { pair } = found;
  if (!pair) return <p className={css.quiet}>{say("none")}</p>;
  return (
    <div className={css.helped}>
      <div className={css.pair}>
        {([["before", pair.before], ["after", pair.after]] as const).map(([name, photo]) => (
          <a key={name} href={photo.shown} target="_blank" rel="noreferrer">
            <img src={photo.thumb} alt={say(name)} loading="lazy" />
            <span>{say(name)}</span>
          </a>
        ))}
      </div>
      <p>
        <b>{pair.says.join(" · ")}</b>
      </p>
      <p className={css.quiet}>{pair.why.join(" · ")}</p>
      <p className={css.quiet}>{say("hint")}</p>
    </div>
  );
}
