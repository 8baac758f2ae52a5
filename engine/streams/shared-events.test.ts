import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { EventSink } from '../fetching/event-source.ts';
import { SharedEvents } from './shared-events.ts';

/** A sink that notes what it receives. */
function noting(): EventSink & { readonly seen: unknown[] } {
  const seen: unknown[] = [];
  return {
    seen,
    next: ({ body }) => void seen.push(body),
    end: (failure) => void seen.push(failure ?? 'end'),
  };
}

describe('events that equal subscriptions share', () => {
  const openWith = (count: number) => {
    const shared = new SharedEvents();
    let upstream: EventSink | undefined;
    const sinks = Array.from({ length: count }, noting);
    for (const sink of sinks) {
      shared.join('key', (given) => ((upstream = given), { close: () => undefined }), sink);
    }
    const send = (body: string): void => upstream?.next({ body, cacheControl: undefined });
    return { sinks, send, end: () => upstream?.end() };
  };

  it('reach all in slices, so that others get their turn', async () => {
    const { sinks, send } = openWith(1_000);
    send('a');
    const served = (): number => sinks.filter(({ seen }) => seen.length > 0).length;
    expect(served()).toBe(100);
    await turn();
    expect(served()).toBe(200);
    while (served() < 1_000) await turn();
    expect(sinks.every(({ seen }) => seen.length === 1)).toBe(true);
  });

  it('come faster than they are passed on: each sink receives the newest, and none waits forever', async () => {
    const { sinks, send } = openWith(1_000);
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

  it('end after the last event, for all', async () => {
    const { sinks, send, end } = openWith(300);
    send('a');
    end();
    while (sinks.some(({ seen }) => seen.at(-1) !== 'end')) await turn();
    for (const { seen } of sinks) expect(seen).toEqual(['a', 'end']);
  });
});
