import { expect, test } from "vitest";
import { inWeChat } from "./shell";

const WECHAT = "Mozilla/5.0 (Linux; Android 13; V2241A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160083 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F30) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN";

test("WeChat's browser is known by its name, a mini-program's view too, and no other", () => {
  expect([inWeChat(WECHAT), inWeChat(`${WECHAT} miniProgram/wx0123`)]).toEqual([true, true]);
  expect(inWeChat("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36")).toBe(false);
});
