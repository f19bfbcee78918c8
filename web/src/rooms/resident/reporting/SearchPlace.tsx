/** Finding a place by its name: in the city's gazetteer, and without a network among the neighbourhoods that are kept. */
import { useId, useState } from "react";
import { usePlacesNamed } from "@/api/places";
import { Field, Hits } from "@/ui/ui";
import { type Spot, useAreas, useNamed } from "../data";
import css from "../resident.module.css";
import { found, nearestFirst } from "../search";
import { useSettled } from "@/lib/settled";
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
      <Hits
        id={list}
        hits={hits.map((each) => ({ ...each, key: each.code, name: named(each.name), within: named(each.within) }))}
        onPick={(hit) => {
          onPlace({ lon: hit.lon, lat: hit.lat });
          onAddress(hit.name);
        }}
      />
      {hits.length === 0 && <p className={css.quiet}>{say("noPlaceFound")}</p>}
    </div>
  );
}
