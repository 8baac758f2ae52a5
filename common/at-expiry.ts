import type { Clock } from './clock.ts';

/** A longer timer would fire at once. */
const timerMaxMs = 2 ** 31 - 1;

/** Acts when a token expires, if it ever does; the function that it returns prevents that. */
export function atExpiry(
  expiresAtMs: number | undefined,
  clock: Clock,
  act: () => void,
): () => void {
  if (expiresAtMs === undefined) return () => undefined;
  const leftMs = Math.min(Math.max(0, expiresAtMs - clock.now()), timerMaxMs);
  const timer = setTimeout(act, leftMs).unref();
  return () => {
    clearTimeout(timer);
  };
}
