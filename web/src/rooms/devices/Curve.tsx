/** What a stream said over a span, with the limits of its rules and the moments of its alarms. */
import { route } from "@/lib/paths";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { moment, timeOf } from "@/lib/dates";
import { Chart } from "@/ui/chart";
import { Empty, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { type Alarm, type Colour, type Device, type SpanName, SPANS, useMeans, type Watched, write } from "./data";
import css from "./devices.module.css";
import { devices as room } from "./words";

type Stream = NonNullable<Device["streams"]>[number];
const LIMITS = new Set(["above", "below"]);

export function Curve({ stream, watched, alarms, span }: { stream: Stream; watched: Watched | undefined; alarms: readonly Alarm[]; span: SpanName }) {
  const say = room.use();
  const language = useLanguage();
  const { words } = useSaid();
  const asked = useMeans(stream.id, span);
  const property = watched?.properties.find((each) => each.code === stream.property);
  const name = named(property?.name ?? {}, language) || stream.key;
  const measure = stream.unit ? say("measured", { name, unit: stream.unit }) : name;
  if (asked.isLoadingError) return <Notice tone="wrong">{told(asked.error, words)}</Notice>;
  if (!asked.data) return <Skeleton rows={3} says={say("loading")} />;
  const { at, mean, least, most } = asked.data;
  const last = at.length - 1;
  if (last < 0)
    return (
      <Empty>
        {measure}: {say("noValues")}
      </Empty>
    );
  const iso = (micros: number) => new Date(micros / 1000).toISOString();
  const flat = (value: number) => at.map(() => value);
  const limits = (watched?.rules ?? []).filter((rule) => LIMITS.has(rule.kind) && rule.limit !== null && rule.streams.includes(stream.no));
  const marks = markedAt(at, alarms.filter((each) => each.stream === stream.no));
  const series = [
    { key: "mean", name, values: mean },
    ...limits.map((rule) => ({ key: rule.code, name: say("limitOf", { colour: say(rule.colour as Colour) }), values: flat(rule.limit as number) })),
    ...(marks.some((each) => each !== null) ? [{ key: "alarms", name: say("alarmMark"), values: marks, isMarks: true }] : []),
  ];
  const low = Math.min(...least);
  const high = Math.max(...most);
  return (
    <div>
      <Chart
        kind="line"
        finding={say("finding", { name, least: write(low, stream.unit), most: write(high, stream.unit) })}
        measure={measure}
        labels={at.map((each) => (SPANS[span].step === "900" ? timeOf(iso(each)) : moment(iso(each))))}
        series={series}
        write={(value) => write(value, "")}
        height={200}
      />
      <p className={css.quiet}>
        {say("last", { value: write(mean[last] ?? 0, stream.unit), at: moment(iso(at[last] ?? 0)) })} ·{" "}
        <a href={route`/v1/streams/${stream.id}/points?form=csv&since=${iso(at[0] ?? 0)}`}>{say("history")}</a>
      </p>
    </div>
  );

  /** The value of each alarm at the step in which it was raised. */
  function markedAt(steps: readonly number[], raised: readonly Alarm[]): (number | null)[] {
    const found: (number | null)[] = steps.map(() => null);
    for (const each of raised) {
      const micros = Date.parse(each.raised_at) * 1000;
      const place = steps.findLastIndex((step) => step <= micros);
      if (place >= 0) found.splice(place, 1, each.value);
    }
    return found;
  }
}
