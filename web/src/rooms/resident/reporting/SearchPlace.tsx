/** Finding a place by its name: in the city's gazetteer, and without a network among the neighbourhoods that are kept. */
import { useId, useState } from "react";
import { Field } from "@/ui/ui";
import { type Spot, useAreas, useNamed, usePlacesNamed } from "../data";
import css from "../resident.module.css";
import { found, nearestFirst } from "../search";
import { useSettled } from "../settled";
import { resident } from "../words";

interface Given {
  near: Spot | null;
  onPlace: (at: Spot) => void;
  onAddress: (text: string) => void;
}
const SHOWN = 8;

export function SearchPlace({ near, onPlace, onAddress }: Given) {
  const say = resident.use();
  const named = useNamed();
  const areas = useAreas();
  const list = useId();
  const [asked, setAsked] = useState("");
  const { data: told } = usePlacesNamed(useSettled(asked.trim()));
  const communities = areas
    .filter((each) => each.code.length === 12)
    .map((each) => ({ ...each, within: undefined, words: [named(each.name), ...Object.values(each.name)] }));
  const kept = found(near ? nearestFirst(communities, near) : communities, asked).slice(0, SHOWN);
  const hits = (asked.trim() && told?.items) || kept;
  return (
    <div className={css.stack}>
      <Field label={say("searchPlace")} hint={say("searchPlaceHint")} value={asked} onChange={(event) => setAsked(event.target.value)} aria-controls={list} />
      <ul id={list} className={css.scroll}>
        {hits.map((each) => (
          <li key={each.code}>
            <button
              type="button"
              className={css.choice}
              onClick={() => {
                onPlace({ lon: each.lon, lat: each.lat });
                onAddress(named(each.name));
              }}
            >
              {named(each.name)} <small>{named(each.within)}</small>
            </button>
          </li>
        ))}
      </ul>
      {hits.length === 0 && <p className={css.quiet}>{say("noPlaceFound")}</p>}
    </div>
  );
}
