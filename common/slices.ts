/** Long work that may pause wherever it yields, so that it can be done at once or in slices. */
export type Sliced<T> = Generator<undefined, T>;

/** How long a slice lasts; what lies between two yields may make it longer. */
const sliceMs = 5;

/** Does the work without a pause. Throws what it throws. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does the work a slice at a time, and lets whatever else waits have its turn between. Rejects with what it throws. */
export async function inSlices<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const { done, value } = work.next();
      if (done === true) return value;
    } while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
