/** The frame of the office: where one can go, who one is, in which language and light. */
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useSaid, useCode } from "@/api/codes";
import { may, useMe, useSession } from "@/api/session";
import { type Theme, useTheme, wear } from "@/lib/theme";
import { Button } from "@/ui/ui";
import { speak, tongue, useLanguage } from "@/words/words";
import css from "./frame.module.css";
import { frame } from "./words";

export interface Room {
  path: string;
  name: "console" | "seat" | "hot" | "devices" | "duty" | "board" | "evaluate" | "survey" | "fair" | "why" | "pack" | "knowledge" | "register" | "operate" | "people" | "scores" | "budget" | "bulletins" | "portrait";
  needs: readonly string[];
  within?: string; // the path of the room under which it stands
}

/** The frame around a room. */
export function Frame({ rooms, children }: { rooms: readonly Room[]; children: ReactNode }) {
  const say = frame.use();
  const code = useCode();
  const { me } = useMe();
  const { leave } = useSession();
  const [path] = useLocation();
  const open = rooms.filter((room) => room.needs.length === 0 || room.needs.some((each) => may(me, each)));
  const here = [...open].sort((a, b) => b.path.length - a.path.length).find((room) => path.startsWith(room.path));
  const tops = open.filter((room) => !open.some((each) => each.path === room.within)); // who may not see the room above sees those under it in its line
  const group = here && (tops.includes(here) ? here.path : here.within);
  const inside = open.filter((room) => room.within === group && !tops.includes(room));
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#room">
        {say("skip")}
      </a>
      <header className={css.bar}>
        <span className={css.city}>{code("city.title")}</span>
        <nav className={css.nav} aria-label={say("rooms")}>
          {tops.map((room) => (
            <Link key={room.path} href={room.path} aria-current={room.path === group ? "page" : undefined}>
              {say(room.name)}
            </Link>
          ))}
        </nav>
        <div className={css.side}>
          {me?.simulated && <span className={css.tag}>{say("simulated")}</span>}
          <Tongue />
          <Light />
          {me && <span>{me.name}</span>}
          {me && <Button onClick={() => void leave()}>{say("leave")}</Button>}
        </div>
      </header>
      <div id="room" className={css.body} tabIndex={-1}>
        {inside.length > 0 && (
          <nav className={css.within} aria-label={say("within")}>
            {open
              .filter((room) => room.path === group || inside.includes(room))
              .map((room) => (
                <Link key={room.path} href={room.path} aria-current={room === here ? "page" : undefined}>
                  {say(room.path === group ? "figures" : room.name)}
                </Link>
              ))}
          </nav>
        )}
        {children}
      </div>
    </div>
  );
}

/** Which language is shown. */
export function Tongue() {
  const say = frame.use();
  const now = useLanguage();
  const { languages } = useSaid();
  return (
    <select aria-label={say("language")} value={now} onChange={(event) => speak(event.target.value)}>
      {languages.map((each) => (
        <option key={each} value={each}>
          {tongue(each)}
        </option>
      ))}
    </select>
  );
}

/** Light or dark. */
export function Light() {
  const say = frame.use();
  const now = useTheme();
  return (
    <select aria-label={say("theme")} value={now} onChange={(event) => wear(event.target.value as Theme)}>
      <option value="system">{say("system")}</option>
      <option value="light">{say("light")}</option>
      <option value="dark">{say("dark")}</option>
    </select>
  );
}
