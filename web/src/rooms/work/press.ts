/** A press whose deed begins with writing on the phone. */
import { useCallback, useState } from "react";
import { StorageFull } from "@/offline";
import { work } from "./words";

/** How a button does such a deed, and what is to be said where the phone could not keep it. */
export function usePress(): { press: (deed: () => Promise<unknown>) => void; wrong: string | null } {
  const say = work.use();
  const [failed, setFailed] = useState<"full" | "unkept" | null>(null);
  const press = useCallback((deed: () => Promise<unknown>) => {
    setFailed(null);
    void deed().catch((error: unknown) => setFailed(error instanceof StorageFull ? "full" : "unkept"));
  }, []);
  return { press, wrong: failed && say(failed) };
}
