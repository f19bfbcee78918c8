/** Drafts of whoever is signed in: at a desk that is shared nobody finds what another had begun, and everybody their own. */
import { useAccount } from "@/api/session";
import { type DraftIn, useDraft } from "./hooks";

/** A form of one's own, kept as `useDraft` keeps it. */
export function useOwnDraft<T extends object>(key: string, empty: T): DraftIn<T> {
  return useDraft(`${useAccount()}/${key}`, empty);
}
