import { words } from "@/words/words";

export const chart = words("chart", {
  table: ["数据表", "The numbers as a table"],
  missing: ["无数据", "no data"],
  between: ["{low} 至 {high}", "{low} to {high}"],
});
