/** Offline: the face of this folder. */
export { StorageFull } from "./db";
export { draftOf, dropDraft, keepDraft } from "./drafts";
export type { Change, Later, Step } from "./form";
export { useOwnDraft } from "./own";
export { shared } from "./shared";
export { type DraftIn, useDraft, useFirstKeep, useOnline, useOutbox, useSendOnceIn } from "./hooks";
export { type Asked, backToForm, drop, enqueue, flush, freshKey, items, onOutbox, sendAgain } from "./outbox";
export type { Body, Item, ItemState, Part, Trouble } from "./rules";
export { changeShelf, onShelf, toShelf } from "./shelf";
export { sendLater, startOffline } from "./start";
export { useShelf } from "./useShelf";
