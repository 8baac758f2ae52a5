import { describe, expect, it } from '@jest/globals';
import { Pipelining } from './pipelining.ts';

describe('fetching/pipelining, when', () => {
  it('is on once replies name their calls, and off when one does not', () => {
    const pipelining = new Pipelining(8);
    expect(pipelining.isOn(0)).toBe(false);
    pipelining.onReply(true);
    expect(pipelining.isOn(0)).toBe(true);
    pipelining.onReply(false);
    expect(pipelining.isOn(0)).toBe(false);
  });

  it('is never on where one call may be on a connection', () => {
    const pipelining = new Pipelining(1);
    pipelining.onReply(true);
    expect(pipelining.isOn(0)).toBe(false);
  });

  it('takes a call of up to 5 ms for fresh', () => {
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
    pipelining.onTime(tookMs, 0);
    if (offMs > 0) expect(pipelining.isOn(offMs - 1)).toBe(false);
    expect(pipelining.isOn(offMs)).toBe(true);
  });

  it('is off for seconds after calls were hurt', () => {
    const pipelining = on();
    pipelining.onHurt(0);
    expect(pipelining.isOn(4_999)).toBe(false);
    expect(pipelining.isOn(5_000)).toBe(true);
  });

  it('is off no longer for being slow again', () => {
    const pipelining = on();
    pipelining.onTime(25, 0);
    pipelining.onTime(25, 500);
    expect(pipelining.isOn(1_000)).toBe(true);
  });

  it('is off for twice as long where calls are hurt again soon after, up to half a minute', () => {
    const pipelining = on();
    let now = 0;
    const offMs = Array.from({ length: 5 }, () => {
      pipelining.onHurt(now);
      const from = now;
      while (!pipelining.isOn(now)) now += 100;
      return now - from;
    });
    expect(offMs).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
    now += 60_000;
    pipelining.onHurt(now);
    expect(pipelining.isOn(now + 5_000)).toBe(true);
  });

  it('pays for 16 second tries, and for one more with every 20 calls behind others', () => {
    const pipelining = new Pipelining(8);
    const spendAll = (): number => {
      let tries = 0;
      while (pipelining.spend()) tries += 1;
      return tries;
    };
    pipelining.earn();
    expect(spendAll()).toBe(16);
    for (let call = 0; call < 39; call += 1) pipelining.earn();
    expect(spendAll()).toBe(1);
  });
});

function on(): Pipelining {
  const pipelining = new Pipelining(8);
  pipelining.onReply(true);
  return pipelining;
}
