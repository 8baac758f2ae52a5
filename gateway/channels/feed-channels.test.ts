import { describe, expect, it, jest } from '@jest/globals';
import { readEventChannel } from '../../common/event-channel.ts';
import type { FeedSink } from '../../common/event-feed.ts';
import { createLogger } from '../../common/logger.ts';
import { FeedChannels } from './feed-channels.ts';

async function openFeed() {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('gateway', 'debug', {
    write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  let now = 0;
  let sink: FeedSink | undefined;
  let isClosed = false;
  const channels = await new FeedChannels({
    hear: (given) => {
      sink = given;
      return {
        close: () => {
          isClosed = true;
          return Promise.resolve();
        },
      };
    },
    eventChannels: [
      readEventChannel({
        channel: 'order.{subject}',
        event: { __typename: 'Order', id: '{subject}' },
      }),
      readEventChannel({ channel: 'orders', event: { __typename: 'Order', id: '{subject}' } }),
    ],
    log,
    now: () => now,
  }).start();
  if (!sink) throw new Error('Expected a sink.');
  return {
    channels,
    sink,
    lines,
    isClosed: () => isClosed,
    later: (ms: number) => (now += ms),
    warnings: () => lines.filter(({ level }) => level === 'warn'),
  };
}

/** Notes what it is told. */
function readerOf(told: string[]) {
  return {
    message: (text: string) => told.push(text),
    lost: () => told.push('lost'),
    restored: () => told.push('restored'),
  };
}

let count = 0;
function eventOf(subject: unknown, others: object = {}): string {
  const id = `event-${(count += 1)}`;
  return JSON.stringify({ specversion: '1.0', id, source: '/a', type: 'b', subject, ...others });
}
const order = (id: string): string => JSON.stringify({ __typename: 'Order', id });

describe('channels of a bus', () => {
  it('have the events that are for them, each once', async () => {
    const { channels, sink } = await openFeed();
    sink.live();
    const [one, all]: [string[], string[]] = [[], []];
    const open = await channels.open('order.1', readerOf(one));
    await channels.open('orders', readerOf(all));
    const event = eventOf('1');
    sink.event(event);
    sink.event(event);
    sink.event(eventOf('2'));
    sink.event(eventOf('1', { id: 'same' }));
    sink.event(eventOf('1', { id: 'same', source: '/b' }));
    open.close();
    open.close();
    sink.event(eventOf('1'));
    expect(one).toEqual([order('1'), order('1'), order('1')]);
    expect(all).toEqual(['1', '2', '1', '1', '1'].map(order));
  });

  it('pass over all that is not an event, and say so once a minute', async () => {
    const { channels, sink, lines, later, warnings } = await openFeed();
    sink.live();
    const told: string[] = [];
    await channels.open('order.1', readerOf(told));
    for (const text of [
      '{"no":',
      'null',
      '[]',
      '"text"',
      '{}',
      eventOf('1', { specversion: '0.3' }),
      eventOf('1', { id: 7 }),
      eventOf('1', { source: '' }),
      eventOf('1', { type: null }),
      eventOf('1', { data: 'x'.repeat(256 * 1024) }),
      '['.repeat(200_000),
    ]) {
      sink.event(text);
    }
    later(60_001);
    sink.event('not JSON, and s3cret');
    sink.event(eventOf('1.2'));
    sink.event(eventOf('1'));
    expect(told).toEqual([order('1')]);
    expect(warnings()).toMatchObject([
      { reason: 'It is not JSON.', passedOver: 1 },
      { reason: 'It is not JSON.', passedOver: 11 },
    ]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('say that an event goes to no channel, to those who debug', async () => {
    const { channels, sink, lines } = await openFeed();
    sink.live();
    await channels.open('order.1', readerOf([]));
    sink.event(eventOf(undefined, { id: 'without' }));
    expect(lines.at(-1)).toMatchObject({ level: 'debug', event: 'without' });
  });

  it('are lost with the bus, and there again; those that were opened meanwhile wait', async () => {
    const { channels, sink } = await openFeed();
    const [early, late]: [string[], string[]] = [[], []];
    const opening = channels.open('order.1', readerOf(early)).then(() => early.push('open'));
    sink.lost();
    sink.event(eventOf('1'));
    sink.live();
    sink.live();
    await opening;
    sink.lost();
    sink.lost();
    const again = channels.open('order.1', readerOf(late)).then(() => late.push('open'));
    sink.live();
    await again;
    sink.event(eventOf('1'));
    expect(early).toEqual(['open', 'lost', 'restored', order('1')]);
    expect(late).toEqual(['open', order('1')]);
  });

  it('are refused when the bus is not there in time', async () => {
    jest.useFakeTimers();
    try {
      const { channels, sink } = await openFeed();
      const told: string[] = [];
      const opening = channels.open('order.1', readerOf(told));
      const refused = expect(opening).rejects.toThrow(/was not there within 5000 ms/);
      jest.advanceTimersByTime(5_000);
      await refused;
      sink.live();
      sink.event(eventOf('1'));
      expect(told).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tell nothing after they were closed', async () => {
    const { channels, sink, isClosed } = await openFeed();
    sink.live();
    const told: string[] = [];
    await channels.open('order.1', readerOf(told));
    await channels.close();
    sink.event(eventOf('1'));
    sink.lost();
    expect(told).toEqual([]);
    expect(isClosed()).toBe(true);
  });
});
