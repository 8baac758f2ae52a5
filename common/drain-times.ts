import { SettingsError } from './settings.ts';

/** The two parts of draining together: the process itself ends 20 s after the signal. */
const longestDrainMs = 18_000;

/** For how long a server goes on listening when it is told to stop: in production, until a balancer has noticed. */
export function defaultDrainDelayMs(mode: 'development' | 'production'): number {
  return mode === 'production' ? 5_000 : 0;
}

/** Throws a SettingsError for a delay and a time-out that the end of the process would cut short. */
export function refuseLongDrain({
  drainDelayMs,
  drainTimeoutMs,
}: {
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
}): void {
  if (drainDelayMs + drainTimeoutMs <= longestDrainMs) return;
  throw new SettingsError([
    `DRAIN_DELAY_MS (${drainDelayMs}) and DRAIN_TIMEOUT_MS (${drainTimeoutMs}) take ${longestDrainMs} together at most: the process ends 20 s after the signal whatever is still in flight`,
  ]);
}
