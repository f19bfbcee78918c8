/** A receipt on paper: the code, a sign to scan, and what to do with them. */
import { route } from "@/lib/paths";
import { Link } from "wouter";
import { useCode } from "@/api/codes";
import { dayOf, timeOf } from "@/lib/dates";
import { inWeChat } from "@/lib/shell";
import { Button, Skeleton } from "@/ui/ui";
import { useCity } from "../data";
import { grouped } from "../follow";
import { useMine } from "../mine";
import css from "../resident.module.css";
import { useTrails } from "../trails";
import { resident } from "../words";
import { Sign } from "./Sign";

export default function Receipt({ code }: { code: string }) {
  const say = resident.use();
  const word = useCode();
  const city = useCity();
  const { mine } = useMine();
  const { trails, wait } = useTrails([code]);
  const trail = trails[code];
  const title = mine.find((each) => each.code === code)?.title;
  if (wait) return <Skeleton rows={4} says={say("loading")} />;
  return (
    <article className={css.paper}>
      <p>{word("city.title")}</p>
      <h1>{say("receiptTitle")}</h1>
      {title && <p>{title}</p>}
      {trail && (
        <p>
          {say("receivedAt")} {dayOf(new Date(trail.received_at))} {timeOf(trail.received_at)}
        </p>
      )}
      {trail?.number && <p>{say("number", { number: trail.number })}</p>}
      <p>{say("code")}</p>
      <p className={css.code}>{grouped(code)}</p>
      <Sign src={route`/v1/track/${code}/qr.svg`} alt={`${location.origin}/track/${code}`} asPicture={inWeChat()} />
      <p className={css.mono}>{`${location.origin}/track/${code}`}</p>
      <p>{say("receiptDo")}</p>
      {city?.service_phone && <p>{say("call", { phone: city.service_phone })}</p>}
      <div className={css.onScreen}>
        {inWeChat() ? (
          <p>{say("longPress")}</p>
        ) : (
          <Button tone="loud" onClick={() => print()}>
            {say("print")}
          </Button>
        )}
        <Link href={route`/mine/${code}`}>{say("back")}</Link>
      </div>
    </article>
  );
}
