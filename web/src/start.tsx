/** What every entry does first: the looks, the questions to the server, a net for faults. */
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/ui/tokens.css";
import { useSaid } from "@/api/codes";
import { watchSession } from "@/api/session";
import { questions } from "@/lib/query";
import { type Density, dress } from "@/lib/theme";
import { Fault } from "@/rooms/door/Fault";

/** Put a page on the screen. */
export function start(page: ReactNode, density: Density): void {
  dress(density);
  const place = document.getElementById("page");
  if (!place) throw new Error("the shell has no #page");
  const client = questions();
  watchSession(client);
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Spoken>
          <Fault>{page}</Fault>
        </Spoken>
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** Every page has the city's words, and with them its clock, by which all moments are told. */
function Spoken({ children }: { children: ReactNode }) {
  useSaid();
  return children;
}
