/** The words of every map. */
import { words } from "@/words/words";

export const mapWords = words("map", {
  waiting: ["地图加载中", "The map is loading"],
  failed: ["此设备无法显示地图；列表里是同样的内容。", "This device cannot show the map; the list holds the same."],
  in: ["放大", "Zoom in"],
  out: ["缩小", "Zoom out"],
  several: ["{what} 等 {n} 件", "{what} and others, {n} in all"],
  pick: ["移动地图，让图钉对准位置；方向键也可以。", "Move the map until the pin is at the place; arrow keys do, too."],
  legend: ["图例", "Legend"],
  green: ["时限内", "in time"],
  yellow: ["将到期", "due soon"],
  red: ["已超时", "overdue"],
  grey: ["暂停计时", "paused"],
});
