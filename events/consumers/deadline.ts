/** Runs work with a deadline: its signal is aborted when the time is over. */
export async function withDeadline<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort(new Error(`The event took longer than ${ms} ms.`));
  }, ms);
  try {
    return await work(over.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** What the work gives; rejects as soon as the signal is aborted, whatever the work does then. */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
