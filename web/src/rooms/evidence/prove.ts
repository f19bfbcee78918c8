/** Checks evidence with nothing but hashes and one signature: no server, no page. RFC 6962, RFC 8032, c2sp.org/tlog-checkpoint. */

export interface LogHead {
  origin: string;
  no: number;
  key: string;
  earlier: string;
  checkpoint: string;
  consistency: string[];
}
export interface FactProof {
  id: string;
  seq: number;
  origin: string;
  index: number;
  salt: string;
  body: string;
  path: string[];
}
export interface Head {
  size: number;
  root: Uint8Array;
}
/** What a fact's bytes say. */
export interface Said {
  subject: string;
  subject_no: number;
  type: string;
  recorded_at: string;
  actor: string;
  fact: { at: string } & Record<string, unknown>;
}

/** What does not hold: `why` is a word of this room. */
export class Broken extends Error {
  constructor(readonly why: Why) {
    super(why);
  }
}
export type Why =
  | "key_form"
  | "key_other"
  | "signature_missing"
  | "signature_wrong"
  | "checkpoint_form"
  | "path_long"
  | "path_short"
  | "root_other"
  | "place_outside"
  | "growth_form"
  | "growth_other"
  | "two_roots"
  | "salt_form"
  | "other_fact"
  | "bytes_form"
  | "gap";

/** Bytes of base64, as it must be written. */
export function bytesOf(text: string, why: Why = "bytes_form"): Uint8Array<ArrayBuffer> {
  try {
    const raw = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    if (base64Of(raw) !== text) throw new Broken(why);
    return raw;
  } catch {
    throw new Broken(why);
  }
}

export function base64Of(raw: Uint8Array): string {
  return btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
}

export function hexOf(raw: Uint8Array): string {
  return Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of parts) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const node = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** Whether a browser can check at all: digests are given to safe pages only. */
export const able = (): boolean => Boolean(globalThis.crypto?.subtle);

/** Whether the key signed the message: by the browser, else by a small library. */
export async function signed(key: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  let known: CryptoKey;
  try {
    known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    const { verifyAsync } = await import("@noble/ed25519");
    return verifyAsync(signature, message, key).catch(() => false);
  }
  return crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
}

/** Name, id and public key of NAME+ID+KEY. */
export async function keyOf(text: string): Promise<{ name: string; id: Uint8Array; key: Uint8Array<ArrayBuffer> }> {
  const [name = "", id = "", ...rest] = text.trim().split("+");
  const raw = bytesOf(rest.join("+"), "key_form");
  const digest = (await sha256(new TextEncoder().encode(`${name}\n`), raw)).slice(0, 4);
  if (raw[0] !== 1 || raw.length !== 33 || hexOf(digest) !== id) throw new Broken("key_form");
  return { name, id: digest, key: raw.slice(1) };
}

/** Size and root of a checkpoint, once its signature holds. */
export async function opened(note: string, vkey: string): Promise<Head> {
  const { name, id, key } = await keyOf(vkey);
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0) throw new Broken("checkpoint_form");
  const text = note.slice(0, cut + 1);
  for (const line of note.slice(cut + 2).split("\n")) {
    const [, signer, encoded] = line.split(" ");
    if (signer !== name || !encoded) continue;
    const raw = bytesOf(encoded, "signature_wrong");
    if (!same(raw.slice(0, 4), id)) continue;
    if (!(await signed(key, new TextEncoder().encode(text), raw.slice(4)))) throw new Broken("signature_wrong");
    const [origin, size = "", root = ""] = text.split("\n");
    if (origin !== name) throw new Broken("key_other");
    if (!/^(0|[1-9]\d*)$/.test(size)) throw new Broken("checkpoint_form");
    return { size: Number(size), root: bytesOf(root, "checkpoint_form") };
  }
  throw new Broken("signature_missing");
}

/** The hash under which a fact stands in the tree. */
export async function leafOf(fact: FactProof): Promise<Uint8Array> {
  const salt = bytesOf(fact.salt, "salt_form");
  if (salt.length !== 32) throw new Broken("salt_form");
  return sha256(Uint8Array.of(0), await sha256(salt, bytesOf(fact.body)));
}

/** Nothing, if the leaf stands at its place under the root. Sizes stay exact below 2^53. */
export async function included(leaf: Uint8Array, index: number, head: Head, path: Uint8Array[]): Promise<void> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= head.size) throw new Broken("place_outside");
  let [here, at, last] = [leaf, index, head.size - 1];
  for (const each of path) {
    if (last === 0) throw new Broken("path_long");
    if (at % 2 === 1 || at === last) {
      here = await node(each, here);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else here = await node(here, each);
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Broken("path_short");
  if (!same(here, head.root)) throw new Broken("root_other");
}

/** Nothing, if the later log begins with the whole earlier one. */
export async function grown(old: Head, head: Head, path: Uint8Array[]): Promise<void> {
  if (old.size === head.size) {
    if (path.length > 0 || !same(old.root, head.root)) throw new Broken("two_roots");
    return;
  }
  const power = old.size > 0 && Number.isInteger(Math.log2(old.size));
  const hashes = power ? [old.root, ...path] : path;
  const [first, ...rest] = hashes;
  if (old.size <= 0 || old.size > head.size || !first) throw new Broken("growth_form");
  let [at, last] = [old.size - 1, head.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [was, now] = [first, first];
  for (const each of rest) {
    if (last === 0) throw new Broken("growth_form");
    if (at % 2 === 1 || at === last) {
      [was, now] = [await node(each, was), await node(each, now)];
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else now = await node(now, each);
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Broken("growth_form");
  if (!same(was, old.root) || !same(now, head.root)) throw new Broken("growth_other");
}

const half = (n: number) => Math.floor(n / 2);

/** The fact's bytes as text, whatever they are. */
export const textOf = (fact: FactProof): string => new TextDecoder().decode(bytesOf(fact.body));

/** What the fact says, if its bytes can be read at all. */
export function saidBy(fact: FactProof): Said | null {
  try {
    return JSON.parse(textOf(fact)) as Said;
  } catch {
    return null;
  }
}

/** What the fact says, once it stands under the head. */
export async function proved(fact: FactProof, head: Head): Promise<Said> {
  await included(await leafOf(fact), fact.index, head, fact.path.map((each) => bytesOf(each)));
  const said = saidBy(fact);
  if (!said || `${said.subject}#${said.subject_no}` !== fact.id) throw new Broken("other_fact");
  return said;
}

/** The same fact with one bit of one byte changed: to see that it is seen. */
export function touched(fact: FactProof): FactProof {
  const body = bytesOf(fact.body);
  const at = Math.floor(body.length / 2);
  body.set([(body[at] ?? 0) ^ 1], at);
  return { ...fact, body: base64Of(body) };
}
