import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { EventSink } from '../fetching/event-source.ts';
import { EventQueue } from './event-queue.ts';
import { type JoinsAt, SharedEvents, type SharedSink } from './shared-events.ts';

interface Noting extends SharedSink {
  readonly seen: unknown[];
}

/** A sink that notes what its reader takes. */
function noting(isNewestOnly: boolean): Noting {
  const seen: unknown[] = [];
  const queue = new EventQueue({ maxEvents: 1_000, maxChars: 1_000_000 }, isNewestOnly);
  const wake = (): void => {
    for (let event = queue.take(); event; event = queue.take()) seen.push(event.body);
  };
  return {
    ...{ seen, wake },
    add: (event) => void queue.add(event, false),
    next: (event) => {
      queue.add(event, false);
      wake();
    },
    end: (failure) => {
      wake();
      seen.push(failure ?? 'end');
    },
  };
}

describe('events that equal subscriptions share', () => {
  const start = (joinsAt: JoinsAt) => {
    const shared = new SharedEvents();
    const upstream: EventSink[] = [];
    let closed = 0;
    const openFor = (sink: EventSink) => {
      upstream.push(sink);
      return { close: () => void (closed += 1) };
    };
    return {
      join: (sink: SharedSink) => shared.join('key', joinsAt, openFor, sink),
      send: (body: string, at = 0) => upstream[at]?.next({ body, cacheControl: undefined }),
      end: () => upstream[0]?.end(),
      opened: () => upstream.length,
      closed: () => closed,
    };
  };
  const openWith = (count: number, joinsAt: JoinsAt) => {
    const parts = start(joinsAt);
    const sinks = Array.from({ length: count }, () => noting(joinsAt === 'newest'));
    for (const sink of sinks) parts.join(sink);
    return { ...parts, sinks };
  };

  it('reach all in slices, so that others get their turn', async () => {
    const { sinks, send } = openWith(1_000, 'newest');
    send('a');
    const served = (): number => sinks.filter(({ seen }) => seen.length > 0).length;
    expect(served()).toBe(100);
    await turn();
    expect(served()).toBe(200);
    while (served() < 1_000) await turn();
    expect(sinks.every(({ seen }) => seen.length === 1)).toBe(true);
  });

  it('come faster than they are passed on: each reader takes the newest, and none waits forever', async () => {
    const { sinks, send } = openWith(1_000, 'newest');
    for (let event = 1; event <= 30; event += 1) {
      send(String(event));
      await turn();
    }
    expect(sinks.every(({ seen }) => seen.length > 0)).toBe(true);
    while (sinks.some(({ seen }) => seen.at(-1) !== '30')) await turn();
    for (const { seen } of sinks) {
      expect(seen).toEqual([...new Set(seen)].sort((one, other) => Number(one) - Number(other)));
    }
  });

  it('come faster than they are passed on: where all count, each reader takes all, in order', async () => {
    const { sinks, send } = openWith(1_000, 'next');
    const sent = Array.from({ length: 30 }, (_, event) => String(event));
    for (const event of sent) {
      send(event);
      await turn();
    }
    while (sinks.some(({ seen }) => seen.at(-1) !== '29')) await turn();
    for (const { seen } of sinks) expect(seen).toEqual(sent);
  });

  it.each<readonly [JoinsAt, readonly string[], number]>([
    ['newest', ['a', 'b'], 1],
    ['next', ['b'], 1],
    ['first', [], 2],
  ])('are joined later at the %s one', (joinsAt, seen, opened) => {
    const events = openWith(1, joinsAt);
    events.send('a');
    const late = noting(false);
    events.join(late);
    events.send('b');
    expect([late.seen, events.opened()]).toEqual([seen, opened]);
    expect(events.sinks[0]?.seen).toEqual(['a', 'b']);
  });

  it('are closed when the last reader leaves, and then opened again', () => {
    const { join, opened, closed } = start('next');
    const joined = [noting(false), noting(false)].map(join);
    joined[0]?.close();
    joined[0]?.close();
    expect([opened(), closed()]).toEqual([1, 0]);
    joined[1]?.close();
    expect(closed()).toBe(1);
    join(noting(false));
    expect([opened(), closed()]).toEqual([2, 1]);
  });

  it('end after the last event, for all', async () => {
    const { sinks, send, end } = openWith(300, 'next');
    send('a');
    end();
    while (sinks.some(({ seen }) => seen.at(-1) !== 'end')) await turn();
    for (const { seen } of sinks) expect(seen).toEqual(['a', 'end']);
  });
});
