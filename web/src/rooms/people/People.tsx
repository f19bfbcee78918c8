/** Who comes in, and what goes out: accounts, partners, deliveries, parked work. Each page for those whose post opens it. */
import { route } from "@/lib/paths";
import { lazy, Suspense } from "react";
import { Link, useLocation } from "wouter";
import { may, useMe } from "@/api/session";
import { Empty, Skeleton } from "@/ui/ui";
import { Mine } from "./Mine";
import css from "./people.module.css";
import { people as room } from "./words";

const Accounts = lazy(() => import("./Accounts"));
const Audit = lazy(() => import("./Audit"));
const Partners = lazy(() => import("./Partners"));
const Webhooks = lazy(() => import("./Webhooks"));
const Outbox = lazy(() => import("./Outbox"));
const Held = lazy(() => import("./Held"));

const PAGES = [
  { name: "me", needs: [], Page: Mine },
  { name: "accounts", needs: ["account.manage", "account.open"], Page: Accounts },
  { name: "partners", needs: ["account.manage", "account.open"], Page: Partners },
  { name: "audit", needs: ["audit.read"], Page: Audit },
  { name: "webhooks", needs: ["operate", "webhook.subscribe"], Page: Webhooks },
  { name: "outbox", needs: ["operate"], Page: Outbox },
  { name: "held", needs: ["operate"], Page: Held },
] as const;

export default function People() {
  const say = room.use();
  const { me } = useMe();
  const [path] = useLocation();
  const open = PAGES.filter((each) => each.needs.length === 0 || each.needs.some((one) => may(me, one)));
  const asked = path.split("/")[2] ?? "";
  const here = asked ? open.find((each) => each.name === asked) : (open[1] ?? open[0]);
  return (
    <main className={css.page}>
      <h1>{say("title")}</h1>
      <nav className={css.tabs} aria-label={say("tabs")}>
        {open.map((each) => (
          <Link key={each.name} href={route`/people/${each.name}`} aria-current={each === here ? "page" : undefined}>
            {say(each.name)}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Skeleton says={say("loading")} />}>{here ? <here.Page /> : <Empty>{say("noRight")}</Empty>}</Suspense>
    </main>
  );
}
