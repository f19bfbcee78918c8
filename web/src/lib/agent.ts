/** What a browser calls itself, as a person would call it: which browser, on what. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/wxwork/i, "WeCom"],
  [/MicroMessenger/i, "WeChat"],
  [/DingTalk/i, "DingTalk"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS|HeadlessChrome|Chromium)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/i, "HarmonyOS"],
  [/Android/, "Android"],
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux|X11/, "Linux"],
];

const first = (agent: string, known: readonly (readonly [RegExp, string])[]): string | undefined => known.find(([sign]) => sign.test(agent))?.[1];

/** A short name of a browser; what nobody knows stays as it is. */
export function browserNamed(agent: string): string {
  const found = [first(agent, BROWSERS), first(agent, SYSTEMS)].filter(Boolean);
  return found.length > 0 ? found.join(" · ") : agent.slice(0, 60);
}
