import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger, type Logger } from '../../common/logger.ts';
import { createGiveWay, type GiveWay } from './give-way.ts';

const happenedAt = Date.parse('2026-12-01T12:00:00.000Z');
const maxAgeMs = 60_000;
/** Looks at a machine that is not busy, after which it is over. */
const calm = Array<number>(8).fill(0.1);
const young = { text: JSON.stringify({ time: new Date(happenedAt).toISOString() }) };

describe('giving way', () => {
  let share: number;
  let now: number;
  let waiting: number;
  let lines: string[];
  let giveWay: GiveWay;
  const { signal } = new AbortController();

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    share = 0;
    now = happenedAt + 100;
    waiting = 0;
    lines = [];
    const log = {
      ...createLogger('events', 'silent'),
      info: (_: object, line: string) => lines.push(line),
    } as unknown as Logger;
    giveWay = createGiveWay({
      maxAgeMs,
      pressure: () => Promise.resolve(share),
      clock: { now: () => now },
      onWaiting: (change) => (waiting += change),
      log,
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const look = async (...shares: readonly number[]): Promise<void> => {
    for (share of shares) await giveWay.look();
  };
  /** Whether it has passed, after all that can happen without time. */
  const begin = (delivery = young, stopping = signal) => {
    let hasPassed = false;
    void giveWay.pass(delivery, stopping).then(() => (hasPassed = true));
    return async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return hasPassed;
    };
  };

  it('does not happen while the machine is not busy', async () => {
    expect(await begin()()).toBe(true);
    await look(0.1, 0.4, 0.49);
    expect(await begin()()).toBe(true);
    expect(lines).toEqual([]);
  });

  it('lasts until the machine has not been busy for two seconds', async () => {
    await look(0.7);
    const hasPassed = begin();
    expect(await hasPassed()).toBe(false);
    await look(...calm.slice(1), 0.9, ...calm.slice(1));
    expect(await hasPassed()).toBe(false);
    expect(waiting).toBe(1);
    await look(0.1);
    expect(await hasPassed()).toBe(true);
    expect(waiting).toBe(0);
    expect(await begin()()).toBe(true);
  });

  it('does not happen again for ten seconds, in which consumers do what has waited', async () => {
    await look(0.7, ...calm, ...Array<number>(40).fill(0.7));
    expect(await begin()()).toBe(true);
    await look(0.7);
    expect(await begin()()).toBe(false);
  });

  it('lasts until an event has the age up to which events wait', async () => {
    await look(1);
    const hasPassed = begin();
    jest.advanceTimersByTime(maxAgeMs - 100 - 1);
    expect(await hasPassed()).toBe(false);
    jest.advanceTimersByTime(1);
    expect(await hasPassed()).toBe(true);
    now = happenedAt + maxAgeMs;
    expect(await begin()()).toBe(true);
    expect(waiting).toBe(0);
  });

  it('lasts no longer for an event of a clock that is ahead', async () => {
    await look(1);
    now = happenedAt - 3_600_000;
    const hasPassed = begin();
    jest.advanceTimersByTime(maxAgeMs);
    expect(await hasPassed()).toBe(true);
  });

  it('does not happen for an invalid event', async () => {
    await look(1);
    for (const text of ['', 'no JSON', 'null', '{}', '{"time":"soon"}', '{"time":{}}']) {
      expect([text, await begin({ text })()]).toEqual([text, true]);
    }
  });

  it('ends when the consumer is stopped', async () => {
    await look(1);
    const stopping = new AbortController();
    const hasPassed = begin(young, stopping.signal);
    expect(await hasPassed()).toBe(false);
    stopping.abort();
    expect(await hasPassed()).toBe(true);
    expect(await begin(young, stopping.signal)()).toBe(true);
    expect(waiting).toBe(0);
  });

  it('is logged when the first delivery waits, and when it is over', async () => {
    await look(1, ...calm, ...Array<number>(40).fill(0));
    expect(lines).toEqual([]);
    await look(1);
    begin();
    begin();
    await look(1, 0, 0, 1, ...calm.slice(1));
    expect(lines).toEqual(['the machine is busy; consumers give way']);
    await look(0, 0);
    expect(lines.slice(1)).toEqual(['consumers no longer give way']);
  });
});
