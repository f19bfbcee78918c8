import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";

const { asked } = vi.hoisted(() => ({ asked: [] as ((thing: unknown) => void)[] }));
vi.mock("./data", () => ({ thingOf: () => new Promise((done) => asked.push(done)) }));
vi.mock("@/api/client", () => ({ send: () => new Promise(() => undefined) }));
import { Scan } from "./Scan";

afterEach(cleanup);

test("a thing that is known only when the form has gone comes into no other", async () => {
  speak("zh");
  const seen = vi.fn();
  const page = render(
    <QueryClientProvider client={new QueryClient()}>
      <Scan onThing={seen} />
    </QueryClientProvider>,
  );
  const press = () => fireEvent.click(screen.getByRole("button", { name: "查找", hidden: true }));
  press();
  await act(async () => asked[0]?.({ tag: "A" }));
  expect(seen).toHaveBeenCalledTimes(1);
  press();
  page.unmount();
  await act(async () => asked[1]?.({ tag: "B" }));
  expect(seen).toHaveBeenCalledTimes(1);
});
