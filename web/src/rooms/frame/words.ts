import { words } from "@/words/words";

export const frame = words("frame", {
  skip: ["跳到正文", "Skip to the page"],
  rooms: ["页面", "Rooms"],
  console: ["案件", "Cases"],
  seat: ["热线", "Hotline"],
  duty: ["值守", "On duty"],
  board: ["大屏", "Board"],
  evaluate: ["评价", "Evaluate"],
  pack: ["规则包", "Pack"],
  knowledge: ["知识库", "Knowledge"],
  register: ["算法", "Algorithms"],
  people: ["人员", "People"],
  leave: ["退出", "Sign out"],
  language: ["语言", "Language"],
  theme: ["外观", "Theme"],
  light: ["浅色", "Light"],
  dark: ["深色", "Dark"],
  system: ["跟随系统", "As the system"],
  simulated: ["演示数据", "Simulated"],
  nothing: ["没有这个页面", "There is no such page"],
  back: ["回到案件", "Back to the cases"],
});
