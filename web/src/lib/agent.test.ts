import { expect, test } from "vitest";
import { browserNamed } from "./agent";

test("a browser has the name that people give it", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  expect(browserNamed(chrome)).toBe("Chrome · Windows");
  expect(browserNamed(`${chrome} Edg/140.0`)).toBe("Edge · Windows");
  expect(browserNamed("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 MicroMessenger/8.0")).toBe("WeChat · iPhone");
  expect(browserNamed("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36 wxwork/4.1 MicroMessenger/7.0")).toBe("WeCom · Android");
  expect(browserNamed("python-httpx/0.28.1")).toBe("python-httpx/0.28.1");
});
