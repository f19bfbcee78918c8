/** One case: what it is, what is proposed and why, what may be done, what was said, and everything that happened. */
import { route } from "@/lib/paths";
import { type RefObject, useState } from "react";
import { Link } from "wouter";
import { asking } from "@/lib/address";
import { moment } from "@/lib/dates";
import { Compared } from "@/ui/Compared";
import { Helped } from "@/ui/Helped";
import { comparing, helping } from "@/ui/helped.words";
import { Lamp, type LampColour } from "@/ui/ui";
import { type Deed, type Lists, type Looker, type Screen, useCompared, useHelped } from "./api";
import { Cameras } from "./Cameras";
import css from "./console.module.css";
import { Copies } from "./Copies";
import { Deeds, type Hands } from "./Deeds";
import { Photos } from "./Photos";
import { PhotoText } from "./PhotoText";
import { Reply } from "./Reply";
import { Reveal } from "./Reveal";
import { room } from "./words";

interface Props {
  screen: Screen;
  lists: Lists | undefined;
  lookers: readonly Looker[];
  asked: Record<string, string>;
  hands: RefObject<Hands | null>;
  onDoing: (deed: string | null) => void;
  onDone: (deed: Deed, of: string) => void;
}

/** The case beside the queue. */
export function Sheet({ screen, lists, lookers, asked, hands, onDoing, onDone }: Props) {
  return (
    <article className={css.sheet} data-case={screen.case.id}>
      <div className={css.scroll} data-scroll tabIndex={-1}>
        <Head screen={screen} lookers={lookers} />
        <Places screen={screen} />
        <Proposal screen={screen} />
        <Copies screen={screen} asked={asked} />
        <Relatives screen={screen} asked={asked} />
        <Cameras key={screen.case.id} lon={screen.case.where?.lon ?? null} lat={screen.case.where?.lat ?? null} />
        <LastTime id={screen.case.id} asked={asked} />
        <Reports screen={screen} />
        <Beside screen={screen} />
        {screen.case.tasks.some((task) => task.photos.length > 0) && <BeforeAfter id={screen.case.id} />}
        <Story screen={screen} />
      </div>
      <Deeds key={screen.case.id} screen={screen} lists={lists} hands={hands} onDoing={onDoing} onDone={onDone} />
    </article>
  );
}

function Head({ screen, lookers }: { screen: Screen; lookers: readonly Looker[] }) {
  const say = room.use();
  const { case: it, words } = screen;
  const clock = it.clock;
  return (
    <header className={css.head}>
      <p className={css.kicker}>
        <b className={css.chip}>{words.state}</b>
        {it.number && <code>{it.number}</code>}
        {words.level && <span>{words.level}</span>}
        {words.request && <span>{words.request}</span>}
        {it.returns > 0 && <span className={css.warn}>{say("returns", { n: it.returns })}</span>}
        {it.reworks > 0 && <span className={css.warn}>{say("reworks", { n: it.reworks })}</span>}
        {it.redos > 0 && <span className={css.warn}>{say("redos", { n: it.redos })}</span>}
        {words.asks && <span className={css.warn}>{say("asks", { kind: words.asks })}</span>}
        {words.marks.map((mark) => (
          <b key={mark} className={css.markword}>
            {mark}
          </b>
        ))}
      </p>
      <h1>
        {it.urgency > 1 && <em>{say("urgent")}</em>} {words.title} <span>{words.place}</span>
      </h1>
      {clock && (
        <p className={css.clock} data-lamp={clock.lamp}>
          <Lamp colour={clock.lamp as LampColour} says={words.lamp ?? ""} /> <b>{words.left}</b>
          <span>
            {words.measures} {words.limit}
          </span>
          <span>
            {say("due")} <time dateTime={clock.due}>{moment(clock.due)}</time>
          </span>
        </p>
      )}
      {!clock && it.closed_at && (
        <p className={css.clock}>
          <span>{say("closed", { at: moment(it.closed_at) })}</span>
          {it.on_time !== null && <b>{say(it.on_time ? "inTime" : "tooLate")}</b>}
          {words.refused_for && <span>{words.refused_for}</span>}
        </p>
      )}
      {words.hold && <p className={css.warn}>{words.hold}</p>}
      {(words.unit ?? words.post) && (
        <p>
          <b>{words.unit}</b> {words.post}
        </p>
      )}
      {lookers.length > 0 && (
        <p className={css.lookers} role="status">
          {say("others", { names: lookers.map((each) => (each.deed ? say("otherDoing", { name: each.name, deed: each.deed }) : each.name)).join(", ") })}
        </p>
      )}
    </header>
  );
}

/** What the words say about the place: proposals, chosen with the deed that accepts. */
function Places({ screen }: { screen: Screen }) {
  const say = room.use();
  if (screen.places.length === 0) return null;
  return (
    <section className={css.proposal}>
      <h2>{say("placesSaid")}</h2>
      <ol>
        {screen.places.map((place) => (
          <li key={`${place.lon},${place.lat}`}>
            <p>
              <b>{place.name}</b> <span>{place.within}</span>
            </p>
            <p className={css.quiet}>{place.more}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Proposal({ screen }: { screen: Screen }) {
  const say = room.use();
  const { proposal } = screen;
  if (!proposal) return null;
  const rule = proposal.rule;
  return (
    <section className={css.proposal}>
      {proposal.options.length > 0 && <h2>{proposal.title}</h2>}
      <ol>
        {proposal.options.map((option) => (
          <li key={option.value} data-taken={option.taken || undefined}>
            <p>
              <b>{option.words}</b> {option.taken && <span className={css.chip}>{say("taken")}</span>}
              {option.confidence && (
                <span className={css.sure}>
                  <meter min={0} max={1_000_000} value={option.confidence_ppm ?? 0} aria-label={say("confidence")} /> {option.confidence}
                </span>
              )}
              {option.more && <span>{option.more}</span>}
            </p>
            {option.reasons.length > 0 && <p className={css.quiet}>{option.reasons.join(say("between"))}</p>}
          </li>
        ))}
      </ol>
      {proposal.not_alone.length > 0 && (
        <p className={css.quiet}>
          {say("notAlone")} {proposal.not_alone.join(say("between"))}
        </p>
      )}
      {screen.second_look.length > 0 && (
        <>
          <h2>{say("secondLook")}</h2>
          <ul className={css.plainlist}>
            {screen.second_look.map((each) => (
              <li key={each.value}>
                {each.words} <span className={css.quiet}>{each.reasons.join("; ")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {rule && (
        <details>
          <summary>
            {say(rule.kept ? "rule" : "ruleProposed")} <code>{rule.code}</code> {rule.limit}
          </summary>
          <dl className={css.table}>
            <dt>{say("fileCondition")}</dt>
            <dd>{rule.file_condition}</dd>
            <dt>{say("closeCondition")}</dt>
            <dd>{rule.close_condition}</dd>
            <dt>{say("source")}</dt>
            <dd>{rule.source}</dd>
          </dl>
        </details>
      )}
    </section>
  );
}

function Relatives({ screen, asked }: { screen: Screen; asked: Record<string, string> }) {
  const say = room.use();
  const { joins, before, is_more } = screen.relatives;
  const { merged_into } = screen.case;
  if (!merged_into && joins.length + before.length === 0) return null;
  const to = (id: string) => `/console${asking(asked, { case: id })}`;
  return (
    <section className={css.proposal}>
      <h2>{say("relatives")}</h2>
      {merged_into && (
        <p>
          <Link href={to(merged_into)}>{say("merged")}</Link>
        </p>
      )}
      {joins.length > 0 && <p>{say("mayJoin")}</p>}
      <ol>
        {joins.map((join) => (
          <li key={join.case} data-join={join.case}>
            <p>
              <Link href={to(join.case)}>
                {join.title} {join.number}
              </Link>{" "}
              <span className={css.chip}>{join.state}</span> {join.surest && <span className={css.chip}>{say("surest")}</span>}
              <span className={css.sure}>
                <meter min={0} max={1_000_000} value={join.confidence_ppm} aria-label={say("confidence")} /> {join.confidence}
              </span>
            </p>
            <p className={css.quiet}>{join.reasons.join("; ")}</p>
          </li>
        ))}
      </ol>
      {before.length > 0 && <p>{say("before")}</p>}
      <ol>
        {before.map((one) => (
          <li key={one.case} data-before={one.case}>
            <p>
              <Link href={to(one.case)}>{one.number ?? one.case.slice(0, 8)}</Link> <time dateTime={one.closed_at}>{moment(one.closed_at)}</time>
              <span>{say("cameBack", { n: one.days })}</span>
            </p>
            {one.says.length > 0 && <p className={css.quiet}>{one.says.join("; ")}</p>}
          </li>
        ))}
      </ol>
      {is_more && <p className={css.quiet}>{say("beforeMore")}</p>}
    </section>
  );
}

/** What helped last time: fetched when it is opened, and then for each case. */
function LastTime({ id, asked }: { id: string; asked: Record<string, string> }) {
  const say = helping.use();
  const [open, setOpen] = useState(false);
  const found = useHelped(open ? id : undefined);
  return (
    <details className={css.lasttime} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("title")}</summary>
      {open && <Helped found={found.data} hrefOf={(other) => `/console${asking(asked, { case: other })}`} />}
    </details>
  );
}

/** Before and after, held beside each other when somebody asks. */
function BeforeAfter({ id }: { id: string }) {
  const say = comparing.use();
  const [open, setOpen] = useState(false);
  const found = useCompared(open ? id : undefined);
  return (
    <details className={css.lasttime} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("title")}</summary>
      {open && <Compared found={found.data} />}
    </details>
  );
}

function Reports({ screen }: { screen: Screen }) {
  const say = room.use();
  const { where } = screen.case;
  return (
    <section>
      <h2>{say("reports", { count: screen.case.reports_count })}</h2>
      {screen.case.reports.map((report) => (
        <div key={report.id} className={css.said}>
          <p className={css.quiet}>
            <time dateTime={report.received_at}>{moment(report.received_at)}</time> {screen.channels[report.channel]}
            {screen.contacts[report.id] && ` · ${say("contact")} ${screen.contacts[report.id]}`}
          </p>
          {report.text === null ? <p className={css.quiet}>{say("hidden")}</p> : <blockquote>{report.text || say("saidNothing")}</blockquote>}
          {report.address && <p>{report.address}</p>}
          <Photos photos={report.photos} />
          {report.photos.length > 0 && <PhotoText caseId={screen.case.id} report={report.id} />}
          {screen.to_reveal.includes(report.id) && <Reveal report={report.id} caseId={screen.case.id} />}
          <Reply key={report.id} report={report.id} />
        </div>
      ))}
      <dl className={css.table}>
        <dt>{say("cell")}</dt>
        <dd>
          {screen.words.place} <code>{where.cell}</code>
        </dd>
        {where.component && (
          <>
            <dt>{say("component")}</dt>
            <dd>
              <code>{where.component}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** Tasks with their notes and photos, orders, requests. */
function Beside({ screen }: { screen: Screen }) {
  const say = room.use();
  const { case: it, tasks, orders, approvals } = screen;
  return (
    <>
      {it.tasks.length > 0 && (
        <section>
          <h2>{say("tasks")}</h2>
          {it.tasks.map((task, place) => (
            <div key={task.id} className={css.said}>
              <p>
                <b>{tasks[place]?.kind}</b> {tasks[place]?.who} {tasks[place]?.limit}
                {(tasks[place]?.helps.length ?? 0) > 0 && ` · ${say("helps")} ${tasks[place]?.helps.join(", ")}`}
              </p>
              <p className={css.quiet}>
                {say("given")} {moment(task.given_at)} · {say("due")} {moment(task.due_at)}
                {task.ended_at && ` · ${tasks[place]?.outcome ?? say("ended")} ${moment(task.ended_at)}`}
                {task.overdue !== null && ` · ${say(task.overdue ? "tooLate" : "inTime")}`}
              </p>
              {task.note && <blockquote>{task.note}</blockquote>}
              <Photos photos={task.photos} />
            </div>
          ))}
        </section>
      )}
      {it.approvals.length > 0 && (
        <section>
          <h2>{say("approvals")}</h2>
          {it.approvals.map((request, place) => (
            <div key={request.id} className={css.said}>
              <p>
                <b>{approvals[place]?.kind}</b> {approvals[place]?.reason} {approvals[place]?.length} <span className={css.warn}>{approvals[place]?.outcome ?? approvals[place]?.who}</span>
              </p>
              {!request.outcome && <p className={css.quiet}>{say("decideBy", { at: moment(request.decide_due) })}</p>}
              {request.note && <blockquote>{request.note}</blockquote>}
              {request.plan && <blockquote>{request.plan}</blockquote>}
              {request.answer_note && <blockquote>{request.answer_note}</blockquote>}
              <Photos photos={request.photos} />
            </div>
          ))}
        </section>
      )}
      {it.orders.length > 0 && (
        <section>
          <h2>{say("orders")}</h2>
          {it.orders.map((order, place) => (
            <div key={`${order.kind}${order.at}${order.number ?? ""}`} className={css.said}>
              <p>
                <b>{orders[place]?.kind}</b> {order.kind !== "appeal" && order.number} {orders[place]?.says.join(" · ")} {orders[place]?.unit}
              </p>
              <p className={css.quiet}>
                {moment(order.at)}
                {order.due && ` · ${say("due")} ${moment(order.due)}`}
              </p>
              {order.text && <blockquote>{order.text}</blockquote>}
              {order.answer && <blockquote>{order.answer}</blockquote>}
            </div>
          ))}
        </section>
      )}
    </>
  );
}

function Story({ screen }: { screen: Screen }) {
  const say = room.use();
  if (!screen.story) return null;
  return (
    <section className={css.story}>
      <h2>{say("story")}</h2>
      <ol>
        {screen.story.map((step) => (
          <li key={step.seq} data-machine={step.is_machine || undefined}>
            <p>
              <time dateTime={step.at}>{moment(step.at)}</time> <b>{step.title}</b>
            </p>
            <p className={css.quiet}>{step.who}</p>
            {step.lines.length > 0 && (
              <dl className={css.table}>
                {step.lines.map(([name, value]) => (
                  <div key={`${name}${value}`}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
      <p>
        <Link href={route`/evidence/${screen.case.id}`}>{say("evidence")}</Link> · <a href={route`/cases/${screen.case.id}/file`}>{say("print")}</a>
      </p>
    </section>
  );
}
