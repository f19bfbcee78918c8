import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { Chart, Multiples, sequence, wilson } from ".";
import { optionOf } from "./option";
import { dressOf } from "./palette";

vi.mock("echarts/core", () => ({ use: () => {}, init: () => ({ setOption: () => {}, on: () => {}, resize: () => {}, dispose: () => {} }) }));
vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
// the hundreds of modules of the library come before the first page: fetched by it, they took a busy machine longer than
// the hook below may wait, and went on coming when the page was gone
beforeAll(() => import("./library"), 120_000);
afterEach(async () => {
  await vi.dynamicImportSettled(); // what was fetched for a chart comes before the page goes
  cleanup();
});

const write = (value: number) => `${value} %`;
const series = [
  { key: "a", name: "市政", values: [90, null, 80] },
  { key: "b", name: "环卫", values: [50, 60, 70] },
];
const labels = ["1月", "2月", "3月"];

test("the numbers stand beside the chart, and what is missing is no zero", () => {
  render(<Chart kind="line" finding="环卫按期率上升" measure="按期处置率" labels={labels} series={series} write={write} />);
  expect(screen.getAllByText("环卫按期率上升")[0]).toBeTruthy();
  expect(screen.getByText("90 %")).toBeTruthy();
  expect(screen.getByText(/无数据|no data/)).toBeTruthy();
});

test("small multiples share one scale", () => {
  render(<Multiples kind="line" finding="x" measure="y" labels={labels} series={series} write={write} />);
  expect(screen.getAllByRole("heading")).toHaveLength(2);
});

test("a bar starts at zero, a line need not, a gap stays a gap", () => {
  const bar = optionOf({ kind: "bar", labels, series, write }, false) as { xAxis: { min: number } };
  const line = optionOf({ kind: "line", labels, series, write }, false) as { yAxis: { min?: number }; series: { connectNulls: boolean; data: (number | null)[] }[] };
  expect(bar.xAxis.min).toBe(0);
  expect(line.yAxis.min).toBeUndefined();
  expect(line.series[0]?.connectNulls).toBe(false);
  expect(line.series[0]?.data[1]).toBeNull();
});

test("no two of seven series look alike, also without colour", () => {
  const dresses = Array.from({ length: 7 }, (_, n) => dressOf(n, false));
  expect(new Set(dresses.map((each) => each.colour)).size).toBe(7);
  expect(new Set(dresses.map((each) => each.mark)).size).toBe(7);
  expect(sequence(9, true)).toHaveLength(7);
});

test("few cases leave much open", () => {
  expect(wilson(0, 0)).toBeNull();
  const [low, high] = wilson(3, 3) ?? [0, 0];
  expect(low).toBeCloseTo(0.438, 2);
  expect(high).toBe(1);
});
