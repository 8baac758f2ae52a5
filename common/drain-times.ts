import { wholeNumber } from './setting-values.ts';
import { SettingsError } from './settings.ts';

/** The maximum of delay and timeout together: the process ends 20 s after the signal. */
const longestDrainMs = 18_000;

/** Settings of how a server stops; `drainDelayMs` has a default by `defaultDrainDelayMs`. */
export const drainTimes = {
  drainDelayMs: wholeNumber(0, 17_999)
    .default(0)
    .describe(
      'How long a process, the gateway or a subgraph, goes on listening when it is told to stop, not ready any more: longer than a balancer takes to notice.',
    ),
  drainTimeoutMs: wholeNumber(1, 18_000)
    .default(10_000)
    .describe(
      `How long requests in flight have after that. Both together may be ${longestDrainMs}: the process itself ends after 20 s.`,
    ),
};

/** For how long a server goes on listening when it is told to stop: in production, until a balancer has noticed. */
export function defaultDrainDelayMs(mode: 'development' | 'production'): number {
  return mode === 'production' ? 5_000 : 0;
}

/** Throws a SettingsError when the process would end before the delay and the timeout. */
export function refuseLongDrain({
  drainDelayMs,
  drainTimeoutMs,
}: {
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
}): void {
  if (drainDelayMs + drainTimeoutMs <= longestDrainMs) return;
  throw new SettingsError([
    `server.drainDelayMs (${drainDelayMs}) and server.drainTimeoutMs (${drainTimeoutMs}) take ${longestDrainMs} together at most: the process ends 20 s after the signal whatever is still in flight`,
  ]);
}
