/** What the lamps on a map mean. */
import { Lamp } from "@/ui/ui";
import css from "./map.module.css";
import { mapWords } from "./words";

export function Legend() {
  const say = mapWords.use();
  return (
    <ul className={css.legend} aria-label={say("legend")}>
      {(["red", "yellow", "green", "grey"] as const).map((lamp) => (
        <li key={lamp}>
          <Lamp colour={lamp} says={say(lamp)} />
          <span aria-hidden="true">{say(lamp)}</span>
        </li>
      ))}
    </ul>
  );
}
