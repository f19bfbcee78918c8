/** Work that many ask for: never twice at once, and with a rest between. */

export interface Paced {
  ask: () => void;
  stop: () => void;
}

/** Do the work `rest_ms` after it is asked for; asked for while it runs, it is done once more. */
export function paced(work: () => Promise<unknown>, rest_ms: number): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let runs = false;
  let again = false;
  let stopped = false;
  const ask = () => {
    if (stopped) return;
    if (runs) again = true;
    else timer ??= setTimeout(() => void run(), rest_ms);
  };
  async function run() {
    timer = undefined;
    runs = true;
    try {
      await work();
    } finally {
      runs = false;
      if (again) {
        again = false;
        ask();
      }
    }
  }
  return {
    ask,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
