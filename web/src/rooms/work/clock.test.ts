import { expect, test } from "vitest";
import { cityMoment, cityTime } from "./clock";

test("the city's clock is shown, whatever the phone's is", () => {
  expect(cityTime("2026-11-26T00:00:00Z", "+0800")).toBe("08:00");
  expect(cityMoment("2026-11-25T23:30:00Z", "+0800")).toMatch(/11-26 07:30$/);
  expect(cityTime("2026-11-26T00:00:00Z", "-0330")).toBe("20:30");
});
