/** Finding a place by its name: among the city's neighbourhoods. */
import { useId, useState } from "react";
import { Field } from "@/ui/ui";
import { type Spot, useAreas, useNamed } from "../data";
import css from "../resident.module.css";
import { found, nearestFirst } from "../search";
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
  const communities = areas.filter((each) => each.code.length === 12).map((each) => ({ ...each, words: [named(each.name), ...Object.values(each.name)] }));
  const hits = found(near ? nearestFirst(communities, near) : communities, asked).slice(0, SHOWN);
  return (
    <div className={css.stack}>
      <Field label={say("searchPlace")} hint={say("searchPlaceHint")} value={asked} onChange={(event) => setAsked(event.target.value)} aria-controls={list} />
      <ul id={list} className={css.list}>
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
              {named(each.name)}
            </button>
          </li>
        ))}
      </ul>
      {hits.length === 0 && <p className={css.quiet}>{say("noPlaceFound")}</p>}
    </div>
  );
}
