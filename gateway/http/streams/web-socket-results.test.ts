import { describe, expect, it } from '@jest/globals';
import { EventQueue } from '../../../engine/streams/event-queue.ts';
import type { SubscriptionRequest } from '../../../engine/streams/subscription-request.ts';
import { SubscriptionStream } from '../../../engine/streams/subscription-stream.ts';
import { SocketResults } from './web-socket-results.ts';

describe('results of a stream for a WebSocket', () => {
  it.each(['an event', 'the failure of the subgraph'])(
    'end the stream when %s cannot be completed',
    async (what) => {
      const ends: string[] = [];
      let isClosed = false;
      const request = {
        valid: { context: {} },
        atCredentialsEnd: () => undefined,
        onEnded: (reason: string) => ends.push(reason),
      } as unknown as SubscriptionRequest;
      const stream = new SubscriptionStream(
        {
          ...{ eventTimeoutMs: 1_000, format: undefined as never, clock: { now: () => 0 } },
          onClosed: () => (isClosed = true),
        },
        {
          ready: { complete: () => Promise.reject(new Error('No room.')) } as never,
          request,
          queue: new EventQueue({ maxEvents: 2, maxChars: 10 }, false),
          address: undefined,
        },
      );
      const results = new SocketResults(stream, { close: () => undefined });
      const next = results.next();
      if (what === 'an event') {
        stream.add({ body: '{}', cacheControl: undefined });
        stream.wake();
      } else stream.finish(new Error('Failed.') as never);
      await expect(next).rejects.toThrow('No room.');
      expect([isClosed, ends]).toEqual([true, ['client left']]);
      expect(await results.next()).toEqual({ done: true, value: undefined });
    },
  );
});
