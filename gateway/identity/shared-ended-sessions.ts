import { Redis } from 'ioredis';
import { type OnSessionsEnded, readEndedSessions } from '../../common/ended-sessions.ts';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';

/** What gateways tell each other of ended sessions. */
export interface SharedEndedSessions {
  /** Tells all gateways, this one too. */
  readonly tell: OnSessionsEnded;
  close(): void;
}

const connectTimeoutMs = 2_000;
const reconnectMaxMs = 5_000;

/** A message has at most a thousand ids of 200 characters. */
const messageCharsMax = 300_000;

/**
 * Shares ended sessions over a channel of Redis. While Redis is unavailable a gateway learns nothing of the others, and
 * the sessions that end meanwhile last there until their access tokens expire; the log says when that begins. Resolves when
 * it hears the others and can tell them, or when that has failed.
 */
export async function shareEndedSessions(
  { url, channel }: { readonly url: string; readonly channel: string },
  onEnded: OnSessionsEnded,
  log: Logger,
): Promise<SharedEndedSessions> {
  const options = {
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: (attempt: number) => Math.min(100 * attempt, reconnectMaxMs),
  };
  // A connection that has subscribed can publish nothing.
  const [listening, telling] = [new Redis(url, options), new Redis(url, options)];
  let isTold = false;
  const report = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    log.warn({ reason: messageOf(error) }, 'ended sessions are not shared between gateways');
  };
  const isOpen = Promise.all([
    new Promise<void>((resolve) => {
      telling.once('ready', resolve).once('error', () => {
        resolve();
      });
    }),
    new Promise<void>((resolve) => {
      listening.once('error', () => {
        resolve();
      });
      listening.on('ready', () => {
        listening
          .subscribe(channel)
          .then(() => (isTold = false), report)
          .finally(resolve);
      });
    }),
  ]);
  for (const redis of [listening, telling]) redis.on('error', report);
  listening.on('message', (_channel, text) => {
    if (text.length > messageCharsMax) return;
    try {
      onEnded(readEndedSessions(JSON.parse(text)));
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'a message about ended sessions cannot be read');
    }
  });
  await within(isOpen, connectTimeoutMs, undefined);
  return {
    tell: (sessionIds) => {
      // This process needs no Redis to know.
      onEnded(sessionIds);
      telling.publish(channel, JSON.stringify(sessionIds)).catch(report);
    },
    close: () => {
      listening.disconnect();
      telling.disconnect();
    },
  };
}
