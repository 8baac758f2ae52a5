/** Long work that may pause at each yield, so that it can run at once or in slices. */
export type Sliced<T> = Generator<undefined, T>;

/** How long a slice takes; long work between two yields can exceed it. */
const sliceMs = 5;

/** Runs the work without a pause. Throws what it throws. */
export function runAtOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Runs the work in slices, and yields to other work in between. Rejects with what it throws. */
export async function runInSlices<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const { done, value } = work.next();
      if (done === true) return value;
    } while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
