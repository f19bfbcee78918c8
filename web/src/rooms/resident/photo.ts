/** A photo on the phone: made smaller, blurred by finger, hashed as it will be sent. What is blurred is gone. */

export const SIDE_MAX_PX = 2048;
const QUALITIES = [0.85, 0.7, 0.5, 0.3];

/** The size with its longer side at most `most`. */
export function fitted(width: number, height: number, most: number): [number, number] {
  const share = Math.min(1, most / Math.max(width, height));
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
}

/** The side of a mosaic's stone: coarse enough that nobody reads a face or a plate in it. */
export function stone(width: number, height: number): number {
  return Math.max(8, Math.round(Math.max(width, height) / 40));
}

/** Put one colour, the average, into each stone that a circle touches. The stones lie on a grid, so twice is as once. */
export function pixelate(image: { data: Uint8ClampedArray; width: number; height: number }, x: number, y: number, radius: number, side: number): void {
  const from = (at: number) => Math.max(0, Math.floor((at - radius) / side));
  for (let row = from(y); row * side < Math.min(image.height, y + radius); row++)
    for (let column = from(x); column * side < Math.min(image.width, x + radius); column++) flat(image, column * side, row * side, side);
}

function flat(image: { data: Uint8ClampedArray; width: number; height: number }, left: number, top: number, side: number): void {
  const right = Math.min(image.width, left + side);
  const bottom = Math.min(image.height, top + side);
  let sums = [0, 0, 0];
  const each = (deed: (at: number) => void) => {
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) deed((y * image.width + x) * 4);
  };
  each((at) => (sums = sums.map((sum, n) => sum + (image.data[at + n] ?? 0))));
  const count = (right - left) * (bottom - top);
  const mean = sums.map((sum) => Math.round(sum / count));
  each((at) => image.data.set(mean, at));
}

/** The photo of a file, upright and small enough, without anything that the camera wrote into it. */
export async function drawn(file: Blob): Promise<HTMLCanvasElement> {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const [width, height] = fitted(image.naturalWidth, image.naturalHeight, SIDE_MAX_PX);
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("this browser cannot draw");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    return canvas;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The bytes that will be sent: the best quality that the city takes. */
export async function bytesOf(canvas: HTMLCanvasElement, most: number): Promise<ArrayBuffer> {
  let last: Blob | null = null;
  for (const quality of QUALITIES) {
    last = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (last && last.size <= most) break;
  }
  if (!last) throw new Error("this browser cannot make a photo");
  return last.arrayBuffer();
}

/** The digest of bytes, hex; null where the page is not secure and the browser refuses. */
export async function sha256(bytes: ArrayBuffer): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** A digest as a person compares it: its first twelve signs in fours. */
export function short(digest: string): string {
  return digest.slice(0, 12).replace(/(.{4})(?=.)/g, "$1 ");
}
