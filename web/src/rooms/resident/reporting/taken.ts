/** Photos on their way from the camera button to the form, which opens in between. */
let waiting: File[] = [];

/** Give photos to the form that opens next. */
export function handOver(files: File[]): void {
  waiting = [...waiting, ...files];
}

/** Take what was given; once. */
export function takeOver(): File[] {
  const files = waiting;
  waiting = [];
  return files;
}
