/** In which shell the page runs, as far as the page must do something otherwise there. Pure. */

/** WeChat's own browser: no printing, no downloads, no installing; what is to be kept is shown, and saved by a long press. */
export function inWeChat(agent: string = globalThis.navigator?.userAgent ?? ""): boolean {
  return /MicroMessenger/i.test(agent);
}
