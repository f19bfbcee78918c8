/** The live stream of facts: told to whoever listens, gathered so that a page is not drawn for each; a line that ends is opened again. */

export interface LiveFact {
  seq: number;
  subject: string;
  type: string;
}

interface Listener {
  onFacts: (facts: LiveFact[]) => void; // at most twice a second
  onState?: (live: boolean) => void; // the line breaks, or stands
  onBack?: () => void; // it stands again: what happened meanwhile may not have been told, so whatever is shown is asked anew
}

const FIRST_MS = 2_000;
const MOST_MS = 60_000;

/** How long to wait before the line is opened again; `chance` below one keeps all pages of a city from coming at one moment. Units: ms */
export function waitBefore(attempt: number, chance: number): number {
  return Math.min(FIRST_MS * 2 ** attempt, MOST_MS) * (0.5 + chance / 2);
}

/** Listen; answers how to stop. */
export function listen({ onFacts, onState = () => {}, onBack = () => {} }: Listener): () => void {
  let source: EventSource;
  let waiting: LiveFact[] = [];
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let wasOpen = false;
  const flush = () => {
    flushing = undefined;
    const facts = waiting;
    waiting = [];
    onFacts(facts);
  };
  const heard = (event: MessageEvent<string>) => {
    const said = JSON.parse(event.data) as { subject?: string; type?: string };
    waiting.push({ seq: Number(event.lastEventId), subject: said.subject ?? "", type: said.type ?? event.type });
    flushing ??= setTimeout(flush, 500);
  };
  const later = () => {
    clearTimeout(reopening);
    reopening = setTimeout(open, waitBefore(attempt, Math.random()));
    attempt += 1;
  };
  function open() {
    source = new EventSource("/v1/facts/stream");
    source.onopen = () => {
      attempt = 0;
      onState(true);
      if (wasOpen) onBack();
      wasOpen = true;
    };
    source.onerror = () => {
      onState(false);
      if (source.readyState === EventSource.CLOSED) later(); // refused, as by a door before a server that starts: the browser gives it up
    };
    source.onmessage = heard;
    source.addEventListener("end", (event: MessageEvent<string>) => {
      source.close();
      onState(false);
      if ((JSON.parse(event.data) as { why: string }).why !== "signed_out") later(); // who signs in again listens anew
    });
  }
  open();
  return () => {
    clearTimeout(flushing);
    clearTimeout(reopening);
    source.close();
  };
}
