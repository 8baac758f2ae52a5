import { setTimeout } from 'node:timers/promises';
import { patienceMs } from './patience.ts';

/** Reads again and again until the value is as it should be, and gives it; rejects after the deadline. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  isRight: (value: T) => boolean,
  deadlineMs = patienceMs,
): Promise<T> {
  const endsAt = performance.now() + deadlineMs;
  for (;;) {
    const value = await read();
    if (isRight(value)) return value;
    if (performance.now() > endsAt) {
      throw new Error(`Not as expected within ${deadlineMs} ms; last: ${JSON.stringify(value)}`);
    }
    await setTimeout(20);
  }
}
