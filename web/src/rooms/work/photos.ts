/** Photos small enough for a slow network: made smaller on the phone, and only where they are large. */
import type { Picture } from "./form";

const SIDE_MAX = 1600;
const SMALL_BYTES = 900_000;

/** The photo of a file; throws where it is none. */
export async function pictureOf(file: File): Promise<Picture> {
  const bitmap = await createImageBitmap(file);
  try {
    const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height));
    if (file.size <= SMALL_BYTES && /^image\/(jpeg|png|webp)$/.test(file.type))
      return { bytes: await file.arrayBuffer(), type: file.type, name: file.name || "photo.jpg" };
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    if (!blob) throw new Error("no photo came of it");
    return { bytes: await blob.arrayBuffer(), type: "image/jpeg", name: "photo.jpg" };
  } finally {
    bitmap.close();
  }
}

interface Detector {
  detect(source: ImageBitmap): Promise<{ rawValue: string }[]>;
}

/** The code that a photo shows, where the browser can read codes; null where it sees none or cannot. */
export async function codeIn(file: File): Promise<string | null> {
  const kind = (globalThis as { BarcodeDetector?: new (of: { formats: string[] }) => Detector }).BarcodeDetector;
  if (!kind) return null;
  const bitmap = await createImageBitmap(file);
  try {
    const [found] = await new kind({ formats: ["qr_code"] }).detect(bitmap);
    return found ? tagIn(found.rawValue) : null;
  } catch {
    return null;
  } finally {
    bitmap.close();
  }
}

/** The tag in what a code says: the end of its address, or itself. */
export function tagIn(text: string): string {
  return text.trim().split(/[?#]/)[0]?.split("/").pop()?.replace(/[^0-9A-Za-z]/g, "").toUpperCase() ?? "";
}
