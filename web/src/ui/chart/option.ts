/** The drawing of a chart, as the library wants it. Pure: what is shown in, its description out. */
import type { EChartsCoreOption } from "echarts/core";
import { type Dress, dressOf, type Ground, groundOf } from "./palette";
import type { Series, Shown } from "./types";

type Part = Record<string, unknown>;

/** What the library draws. */
export function optionOf(shown: Shown, dark: boolean): EChartsCoreOption {
  const ground = groundOf(dark);
  const lying = shown.kind !== "line"; // names are long: what is compared lies
  const names = { type: "category", data: lying ? [...shown.labels].reverse() : shown.labels, ...axis(ground) };
  const values = {
    type: "value",
    min: shown.least ?? (shown.kind === "bar" ? 0 : undefined),
    max: shown.most,
    scale: shown.kind !== "bar",
    splitNumber: shown.small ? 2 : 4,
    interval: shown.least !== undefined && shown.most !== undefined ? (shown.most - shown.least) / (shown.small ? 2 : 4) : undefined,
    ...axis(ground),
    axisLabel: { color: ground.quiet, formatter: shown.write, hideOverlap: true, fontSize: shown.small ? 11 : 12 },
    splitLine: { lineStyle: { color: ground.line } },
  };
  return {
    animation: false,
    textStyle: { fontFamily: "inherit", color: ground.ink },
    grid: { left: 8, right: shown.small ? 12 : 24, top: shown.series.length > 1 && !shown.small ? 36 : 12, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: shown.series.length > 1 && !shown.small ? { top: 0, left: 0, textStyle: { color: ground.ink }, itemWidth: 24 } : undefined,
    tooltip: {
      trigger: "axis",
      renderMode: "richText", // no markup is made: the page's policy allows none with styles in it
      confine: true,
      axisPointer: { type: shown.kind === "line" ? "line" : "shadow" },
      backgroundColor: ground.paper,
      borderColor: ground.line,
      textStyle: { color: ground.ink },
      valueFormatter: (value: unknown) => (typeof value === "number" ? shown.write(value) : "–"),
    },
    xAxis: lying ? values : { ...names, boundaryGap: false },
    yAxis: lying ? names : values,
    series: shown.series.flatMap((each, n) => drawn(each, shown, dressOf(n, dark))),
  };
}

function axis(ground: Ground): Part {
  return {
    axisLine: { show: false, lineStyle: { color: ground.line } },
    axisTick: { show: false },
    axisLabel: { color: ground.quiet, hideOverlap: true },
  };
}

function drawn(series: Series, shown: Shown, dress: Dress): Part[] {
  const base = { name: series.name, itemStyle: { color: dress.colour }, emphasis: { focus: "none" } };
  if (shown.kind === "line")
    return [
      {
        ...base,
        type: "line",
        data: series.values,
        connectNulls: false,
        symbol: dress.mark,
        symbolSize: series.isMarks ? 11 : shown.small ? 4 : 7,
        showAllSymbol: series.isMarks ? true : "auto",
        showSymbol: series.isMarks || shown.labels.length <= 40,
        lineStyle: { color: dress.colour, width: series.isMarks ? 0 : 2, type: dress.dash },
      },
    ];
  const values = [...series.values].reverse();
  if (shown.kind === "bar") return [{ ...base, type: "bar", data: values, barMaxWidth: 18 }];
  const dots = { ...base, type: "scatter", symbol: dress.mark, symbolSize: 9, data: values.map((value, n) => [value, n]) };
  const spans = intervals(series, dress);
  return spans ? [spans, dots] : [dots];
}

/** The line through a dot from low to high. */
function intervals(series: Series, dress: Dress): Part | null {
  if (!series.low || !series.high) return null;
  const high = [...series.high].reverse();
  const data = [...series.low].reverse().flatMap((low, n) => (low === null || high[n] === null || high[n] === undefined ? [] : [[low, high[n], n]]));
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data,
    encode: { x: [0, 1], y: 2 },
    renderItem: (_: unknown, api: { value: (n: number) => number; coord: (at: number[]) => number[] }) => {
      const [left = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
      const [right = 0] = api.coord([api.value(1), api.value(2)]);
      return { type: "line", shape: { x1: left, y1: y, x2: right, y2: y }, style: { stroke: dress.colour, lineWidth: 3, opacity: 0.45 } };
    },
  };
}
