import { words } from "@/words/words";

export const helping = words("helped", {
  title: ["上次怎么办好的", "What helped last time"],
  loading: ["正在找类似案件", "Looking for cases like it"],
  advice: ["处置建议", "How it is usually handled"],
  basis: ["依据", "Legal basis"],
  read: ["读出来", "Read aloud"],
  stop: ["停止", "Stop"],
  noAdvice: ["本类别没有写处置建议", "Nobody wrote how this class is handled"],
  like: ["类似案件", "Cases like it"],
  none: ["没有类似的已结案件", "No closed case is like it"],
  summary: ["最像的 {cases} 件中：按时办结 {on_time} 件，核查一次通过 {passed_first} 件，复发 {came_back} 件", "Of the {cases} most alike: {on_time} on time, {passed_first} passed the first inspection, {came_back} came back"],
  content: ["，评价过的 {asked} 件中满意 {satisfied} 件", "; of {asked} that were judged {satisfied} content"],
  alike: ["相似 {share}", "{share} alike"],
  away: ["相距 {metres} 米", "{metres} m away"],
  done: ["当时怎么做的", "What was done"],
  entries: ["知识库", "Knowledge base"],
});

export const comparing = words("compared", {
  title: ["对比处置前后照片", "Compare before and after"],
  loading: ["正在比对照片", "Comparing the photos"],
  none: ["没有可比对的照片", "There are no two photos to compare"],
  before: ["处置前", "Before"],
  after: ["处置后", "After"],
  hint: ["仅供参考，以现场核查为准", "A hint only: what is seen on site counts"],
});
