import { systemClock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { repeat } from '../../subgraphs/kit/repeat.ts';
import { openCpuPressure } from './cpu-pressure.ts';
import { createGiveWay, type GiveWay, type GiveWayOptions, lookEveryMs } from './give-way.ts';

/** How consumers give way. */
export interface OpenGiveWayOptions {
  /** Up to this age events wait; they do not with 0. */
  readonly maxAgeMs: number;
  readonly onWaiting: NonNullable<GiveWayOptions['onWaiting']>;
  readonly log: Logger;
  /** Begins to read how busy the machine is. */
  readonly openPressure?: typeof openCpuPressure | undefined;
}

/** Looks at the machine until stopped. `undefined` where the settings or the system let no event wait. */
export async function openGiveWay({
  openPressure = openCpuPressure,
  ...options
}: OpenGiveWayOptions): Promise<(GiveWay & { stop(): Promise<void> }) | undefined> {
  const pressure = options.maxAgeMs > 0 ? await openPressure() : undefined;
  if (!pressure) return undefined;
  const giveWay = createGiveWay({ ...options, pressure, clock: systemClock });
  const looking = repeat({
    name: 'pressure on the CPUs',
    everyMs: lookEveryMs,
    run: () => giveWay.look(),
    log: options.log,
  });
  return { ...giveWay, stop: () => looking.stop() };
}
