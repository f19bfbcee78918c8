/** What a resident is filling in, and the request that it becomes. */
import { type Body, freshKey, type Item, type Part } from "@/offline";

export interface PhotoKept {
  bytes: ArrayBuffer;
  sha256: string | null; // made at capture over these very bytes; null where the browser cannot
  taken_at: string;
}

export interface Place {
  lon: number;
  lat: number;
  accuracy_m: number | null;
  how: "gps" | "pin" | "search" | "thing";
}

export interface ReportDraft {
  id: string; // the key under which it will be sent, so that two tabs send it once
  photos: PhotoKept[];
  place: Place | null;
  address: string;
  text: string;
  class_key: string | null;
  phone: string;
}

export const DRAFT = "resident.report";
export const EMPTY: ReportDraft = { id: "", photos: [], place: null, address: "", text: "", class_key: null, phone: "" };

/** Whether anything was put in. */
export function begun(draft: ReportDraft): boolean {
  return draft.photos.length > 0 || draft.text.trim() !== "" || draft.class_key !== null;
}

/** The request: what is empty is left out, and each photo comes with its digest or none does. */
export function bodyOf(draft: ReportDraft): Body {
  const form: Part[] = [];
  const add = (name: string, value: string | null | undefined) => {
    if (value) form.push({ name, value });
  };
  add("text", draft.text.trim());
  add("class", draft.class_key);
  add("address", draft.address.trim());
  add("contact_phone", draft.phone.trim());
  if (draft.place) {
    add("lon", String(draft.place.lon));
    add("lat", String(draft.place.lat));
  }
  const hashed = draft.photos.every((each) => each.sha256);
  draft.photos.forEach((each, n) => {
    form.push({ name: "photos", bytes: each.bytes, type: "image/jpeg", file: `${n + 1}.jpg` });
    if (hashed && each.sha256) {
      form.push({ name: "photo_sha256", value: each.sha256 });
      form.push({ name: "photo_taken_at", value: each.taken_at });
    }
  });
  return { form };
}

/** A report that was not taken, to be changed: under a fresh key, as it will be another. */
export function draftAgain(item: Item): ReportDraft {
  const parts = item.body && "form" in item.body ? item.body.form : [];
  const all = (name: string) => parts.filter((each) => each.name === name);
  const one = (name: string) => all(name)[0]?.value ?? "";
  const [hashes, moments] = [all("photo_sha256"), all("photo_taken_at")];
  return {
    ...EMPTY,
    id: freshKey(),
    text: one("text"),
    class_key: one("class") || null,
    address: one("address"),
    phone: one("contact_phone"),
    place: one("lon") ? { lon: Number(one("lon")), lat: Number(one("lat")), accuracy_m: null, how: "pin" } : null,
    photos: all("photos").flatMap(({ bytes }, n) =>
      bytes ? [{ bytes, sha256: hashes[n]?.value ?? null, taken_at: moments[n]?.value ?? new Date(item.made_at).toISOString() }] : [],
    ),
  };
}
