/** What observes the place of a case: cameras first, with their live view and snapshot. Fetched when it is opened. */
import { outside, route } from "@/lib/paths";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, data } from "@/api/client";
import { useCode } from "@/api/codes";
import { may, useMe } from "@/api/session";
import css from "./console.module.css";
import { room } from "./words";

const AROUND_M = 200;
const MANY = 8;

export function Cameras({ lon, lat }: { lon: number | null; lat: number | null }) {
  const say = room.use();
  const code = useCode();
  const { me } = useMe();
  const [open, set] = useState(false);
  const asked = useQuery({
    queryKey: ["around", lon, lat],
    enabled: open && lon !== null && lat !== null,
    queryFn: () => data(api.GET("/v1/devices", { params: { query: { lon, lat, radius_m: AROUND_M, limit: 50 } } })),
  });
  if (lon === null || lat === null || !may(me, "device.read")) return null;
  const devices = [...(asked.data?.items ?? [])].sort((a, b) => Number(Boolean(b.live_url)) - Number(Boolean(a.live_url))).slice(0, MANY);
  return (
    <details className={css.proposal} onToggle={(event) => set(event.currentTarget.open)}>
      <summary>{say("observers")}</summary>
      {asked.data && devices.length === 0 && <p className={css.quiet}>{say("noObservers", { m: AROUND_M })}</p>}
      <ul>
        {devices.map((each) => (
          <li key={each.id}>
            <Link href={route`/console/devices/${each.id}`}>{each.name}</Link> <span className={css.quiet}>{code(`sense.state.${each.state}`)}</span>{" "}
            {each.live_url && (
              <a href={outside(each.live_url)} target="_blank" rel="noreferrer">
                {say("liveView")}
              </a>
            )}{" "}
            {each.still_url && (
              <a href={outside(each.still_url)} target="_blank" rel="noreferrer">
                {say("snapshot")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
