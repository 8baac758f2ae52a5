import { describe, expect, it } from '@jest/globals';
import { Pipelining } from './pipelining.ts';

describe('fetching/pipelining, when', () => {
  it('is on once responses name their calls, and off when one does not', () => {
    const pipelining = new Pipelining(8);
    expect(pipelining.isOn(0)).toBe(false);
    pipelining.onResponse(true);
    expect(pipelining.isOn(0)).toBe(true);
    pipelining.onResponse(false);
    expect(pipelining.isOn(0)).toBe(false);
  });

  it('is never on with one call per connection', () => {
    const pipelining = new Pipelining(1);
    pipelining.onResponse(true);
    expect(pipelining.isOn(0)).toBe(false);
  });

  it('treats a call of up to 5 ms as fresh', () => {
    const pipelining = new Pipelining(8);
    expect([100, 105, 106].map((now) => pipelining.isFresh(100, now))).toEqual([true, true, false]);
  });

  it.each([
    ['a call of 24 ms', 24, 0],
    ['a call of 25 ms', 25, 500],
    ['a call of 100 ms', 100, 2_000],
    ['a call that hung for a minute', 60_000, 5_000],
  ])('is off for a while after %s', (_name, tookMs, offMs) => {
    const pipelining = on();
    pipelining.onDuration(tookMs, 0);
    if (offMs > 0) expect(pipelining.isOn(offMs - 1)).toBe(false);
    expect(pipelining.isOn(offMs)).toBe(true);
  });

  it('is off for seconds after calls were disrupted', () => {
    const pipelining = on();
    pipelining.onDisruption(0);
    expect(pipelining.isOn(4_999)).toBe(false);
    expect(pipelining.isOn(5_000)).toBe(true);
  });

  it('does not stay off longer when it is slow again', () => {
    const pipelining = on();
    pipelining.onDuration(25, 0);
    pipelining.onDuration(25, 500);
    expect(pipelining.isOn(1_000)).toBe(true);
  });

  it('stays off twice as long when calls are disrupted again soon after, up to half a minute', () => {
    const pipelining = on();
    let now = 0;
    const offMs = Array.from({ length: 5 }, () => {
      pipelining.onDisruption(now);
      const from = now;
      while (!pipelining.isOn(now)) now += 100;
      return now - from;
    });
    expect(offMs).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
    now += 60_000;
    pipelining.onDisruption(now);
    expect(pipelining.isOn(now + 5_000)).toBe(true);
  });

  it('allows 16 resends, and one more for every 20 pipelined calls', () => {
    const pipelining = new Pipelining(8);
    const spendAll = (): number => {
      let tries = 0;
      while (pipelining.spendResend()) tries += 1;
      return tries;
    };
    pipelining.earnResend();
    expect(spendAll()).toBe(16);
    for (let call = 0; call < 39; call += 1) pipelining.earnResend();
    expect(spendAll()).toBe(1);
  });
});

function on(): Pipelining {
  const pipelining = new Pipelining(8);
  pipelining.onResponse(true);
  return pipelining;
}
