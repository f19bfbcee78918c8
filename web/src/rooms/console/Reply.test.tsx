import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Reply } from "./Reply";

let client: QueryClient;
let sent: { key: string | null; answer: () => void }[];

beforeEach(() => {
  speak("en");
  sent = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    if (path.startsWith("/v1/words/")) return new Response(JSON.stringify({ language: "en", languages: ["en"], zone: "Asia/Shanghai", words: {} }));
    if (path.includes("/check")) return new Response(JSON.stringify({ lacks: [] }));
    return new Promise<Response>((done) => sent.push({ key: new Headers(init.headers).get("Idempotency-Key"), answer: () => done(new Response("{}")) }));
  });
  client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.setQueryData(["me"], { account: "me", permissions: ["case.call_back"], seats: [] });
});
afterEach(() => {
  cleanup();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

function opened() {
  const page = render(
    <QueryClientProvider client={client}>
      <Reply report="r1" />
    </QueryClientProvider>,
  );
  const details = page.container.querySelector("details") as HTMLDetailsElement;
  details.open = true;
  fireEvent(details, new Event("toggle"));
  return page;
}

const field = () => screen.getByLabelText("What they shall read") as HTMLTextAreaElement;
const write = (text: string) => fireEvent.change(field(), { target: { value: text } });
const press = () => fireEvent.click(screen.getByRole("button", { name: "Send the reply" }));

test("a resident is told once, however often the button is pressed", async () => {
  opened();
  write("It is mended.");
  press();
  press();
  await waitFor(() => expect(sent.length).toBeGreaterThan(0));
  expect(new Set(sent.map((each) => each.key)).size).toBe(1);
  await act(async () => sent.forEach((each) => each.answer()));
  await screen.findByText(/Sent:/);
  expect(field().value).toBe("");
});

test("a reply that is being written outlives the case beside it; what was typed after the sending stays", async () => {
  opened().unmount();
  const page = opened();
  write("It is");
  page.unmount();
  opened();
  expect(field().value).toBe("It is");
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  write("It is mended, and");
  await act(async () => sent[0]?.answer());
  expect(field().value).toBe("It is mended, and");
});
