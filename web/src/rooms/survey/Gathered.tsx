/** What was gathered by tables and visits, each line with what may be done to it. */
import { route } from "@/lib/paths";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { useMe } from "@/api/session";
import { Button, Notice } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Point, type Sheet, type Task, useDeed, useForms, useNames } from "./api";
import { Returning, Shown } from "./parts";
import css from "./survey.module.css";
import { survey as room } from "./words";

export function Sheets({ task }: { task: Task }) {
  const say = room.use();
  const { words } = useSaid();
  const deed = useDeed();
  return (
    <section className={css.part}>
      <h3>{say("tables")}</h3>
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      <ul className={css.rows}>
        {task.all_sheets.map((each) => (
          <SheetRow key={each.id} sheet={each} open={task.state === "open"} again={task.version > 0} onDeed={(name, body) => deed.mutate({ path: route`/v1/survey/sheets/${each.id}/${name}`, body, no: each.no })} />
        ))}
      </ul>
    </section>
  );
}

function SheetRow({ sheet, open, again, onDeed }: { sheet: Sheet; open: boolean; again: boolean; onDeed: (name: string, body?: unknown) => void }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const { formOf, objectOf } = useNames();
  const { me } = useMe();
  const fields = useForms().data?.find((each) => each.code === sheet.form)?.fields ?? [];
  const own = sheet.mine && Boolean(me);
  return (
    <li>
      <p className={css.head}>
        <b>{objectOf(sheet.object)}</b> <span className={css.quiet}>{formOf(sheet.form)}</span>
        <span className={sheet.state === "sent" ? css.warn : css.quiet}>{code(`survey.sheet.${sheet.state}`)}</span>
        {sheet.late && <span className={css.warn}>{say("late")}</span>}
        {sheet.state === "returned" && <span className={css.quiet}>{code(`survey.return.${sheet.reason}`)}</span>}
      </p>
      {sheet.sent_at && (
        <dl className={css.about}>
          {fields.map((field) => (
            <div key={field.code}>
              <dt>{named(field.name, language)}</dt>
              <dd>{sheet.numbers[field.code] ?? sheet.texts[field.code] ?? "—"}</dd>
            </div>
          ))}
        </dl>
      )}
      <Shown photos={sheet.photos} />
      {open && sheet.state === "sent" && (
        <div className={css.deeds}>
          <Button tone="loud" why={own ? say("own") : null} onClick={() => onDeed("acceptance")}>
            {say("accept")}
          </Button>
          <Returning onReturn={(reason) => onDeed("return", { reason })} />
        </div>
      )}
      {open && again && sheet.state === "accepted" && !own && (
        <div className={css.deeds}>
          <Returning onReturn={(reason) => onDeed("return", { reason })} />
        </div>
      )}
    </li>
  );
}

export function Points({ task }: { task: Task }) {
  const say = room.use();
  const { words } = useSaid();
  const { objectOf } = useNames();
  const deed = useDeed();
  return (
    <section className={css.part}>
      <h3>
        {say("visits")} <small className={css.quiet}>{say("done", { n: task.points_done, of: task.points })}</small>
      </h3>
      {deed.error && <Notice tone="wrong">{told(deed.error, words)}</Notice>}
      {task.objects.map((object) => {
        const points = task.all_points.filter((each) => each.object === object);
        if (points.length === 0) return null;
        return (
          <details key={object} className={css.fold}>
            <summary>
              {objectOf(object)} <span className={css.quiet}>{say("done", { n: points.filter((each) => each.state === "visited").length, of: points.length })}</span>
            </summary>
            <ul className={css.rows}>
              {points.map((each) => (
                <PointRow key={each.id} point={each} open={task.state === "open"} onReturn={(reason) => deed.mutate({ path: route`/v1/survey/points/${each.id}/return`, body: { reason }, no: each.no })} />
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

function PointRow({ point, open, onReturn }: { point: Point; open: boolean; onReturn: (reason: string) => void }) {
  const say = room.use();
  const code = useCode();
  const language = useLanguage();
  const found = point.items.filter((each) => point.found[each.code]);
  const seen = point.state === "visited";
  return (
    <li>
      <p className={css.head}>
        <b>{named(point.kind_name, language)}</b> {named(point.place_name, language)}
        <span className={css.quiet}>{code(`survey.point.${point.state}`)}</span>
        {seen && point.is_far && <span className={css.warn}>{point.metres == null ? say("farUnknown") : say("far", { m: point.metres })}</span>}
      </p>
      {seen && <p>{point.missed ? say("missed", { why: code(`survey.missed.${point.missed}`) }) : found.map((each) => `${named(each.name, language)} ${point.found[each.code]}`).join(" · ") || say("nothing")}</p>}
      {point.note && <p className={css.quiet}>{point.note}</p>}
      <Shown photos={point.photos} />
      {open && seen && (
        <div className={css.deeds}>
          <Returning onReturn={onReturn} />
        </div>
      )}
    </li>
  );
}
