/** The live stream of facts: told to whoever listens, gathered so that a page is not drawn for each. */

export interface LiveFact {
  seq: number;
  subject: string;
  type: string;
}

/** Listen; answers how to stop. `onFacts` comes at most twice a second, `onState` when the line breaks or is back. */
export function listen(onFacts: (facts: LiveFact[]) => void, onState: (live: boolean) => void = () => {}): () => void {
  const source = new EventSource("/v1/facts/stream");
  let waiting: LiveFact[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const facts = waiting;
    waiting = [];
    onFacts(facts);
  };
  const heard = (event: MessageEvent<string>) => {
    const said = JSON.parse(event.data) as { subject?: string; type?: string };
    waiting.push({ seq: Number(event.lastEventId), subject: said.subject ?? "", type: said.type ?? event.type });
    timer ??= setTimeout(flush, 500);
  };
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  source.onmessage = heard;
  source.addEventListener("end", () => {
    source.close(); // signed out, or too slow: who listens asks anew
    onState(false);
  });
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
