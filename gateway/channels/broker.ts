import type { Logger } from '../../common/logger.ts';
import type { EventChannels } from '../../engine/channels/event-channels.ts';

/** The channels of a broker, and the end of the connection to it. */
export interface BrokerChannels extends EventChannels {
  close(): Promise<void>;
}

/** How a broker is connected to. */
export interface BrokerOptions {
  readonly url: string;
  readonly log: Logger;
}

/** How often a silent connection is tried, and how long it may take to answer. */
export const pingMs = 5_000;

/** How long a lost connection waits before it is tried again, at most. */
export const reconnectMaxMs = 2_000;
