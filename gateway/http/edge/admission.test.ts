import { beforeEach, describe, expect, it } from '@jest/globals';
import { Admission, type Admitted } from './admission.ts';

const minInFlight = 8;
const maxInFlight = 256;

/** A service whose clock and load the test controls. */
describe('http/admission', () => {
  let nowMs: number;
  let busy: number;
  let admission: Admission;

  beforeEach(() => {
    nowMs = 0;
    busy = 1;
    admission = new Admission({
      minInFlight,
      maxInFlight,
      now: () => nowMs,
      busyShare: () => busy,
    });
  });

  const enterMany = (count: number): readonly Admitted[] =>
    Array.from({ length: count }, () => admission.enter(true)).filter(
      (place) => place !== undefined,
    );

  /** Sends this many requests at once, each answered after the same time. Returns how many of them were admitted. */
  const round = (count: number, latencyMs: number): number => {
    const places = enterMany(count);
    nowMs += latencyMs;
    for (const place of places) place.leave();
    return places.length;
  };
  const rounds = (times: number, count: number, latencyMs: number): void => {
    for (let time = 0; time < times; time += 1) round(count, latencyMs);
  };

  it('admits as many as may be in flight, and one more for each that is finished', () => {
    const places = enterMany(maxInFlight + 10);
    expect(places).toHaveLength(maxInFlight);
    expect(admission.hasRoom(true)).toBe(false);
    places[0]?.leave();
    places[0]?.leave();
    expect(enterMany(10)).toHaveLength(1);
  });

  it('reserves an eighth of the places for preferred requests', () => {
    let others = 0;
    while (admission.enter(false)) others += 1;
    expect(others).toBe(maxInFlight - maxInFlight / 8);
    expect(enterMany(maxInFlight)).toHaveLength(maxInFlight / 8);
  });

  it('admits fewer when responses take three times as long as usual and the event loop is busy', () => {
    rounds(10, 20, 100);
    expect(admission.currentLimit).toBe(maxInFlight);
    rounds(2, maxInFlight, 500);
    expect(admission.currentLimit).toBe(maxInFlight * 0.75);
    rounds(40, maxInFlight, 500);
    expect(admission.currentLimit).toBe(minInFlight);
    expect(round(maxInFlight, 500)).toBe(minInFlight);
  });

  it('admits more again when responses are fast, within two seconds twice as many', () => {
    rounds(10, 20, 100);
    rounds(40, maxInFlight, 500);
    const from = nowMs;
    while (admission.currentLimit < 2 * minInFlight) round(maxInFlight, 100);
    expect(nowMs - from).toBeLessThan(2_000);
    rounds(400, maxInFlight, 100);
    expect(admission.currentLimit).toBe(maxInFlight);
  });

  it('does not raise a limit that is not reached', () => {
    rounds(10, 20, 100);
    rounds(40, maxInFlight, 500);
    rounds(100, 2, 100);
    expect(admission.currentLimit).toBe(minInFlight);
  });

  it('admits as many as before when responses are slow and the event loop is idle: a subgraph is slow', () => {
    rounds(10, 20, 100);
    busy = 0.4;
    rounds(40, maxInFlight, 3_000);
    expect(admission.currentLimit).toBe(maxInFlight);
  });

  it('forgets a slow start', () => {
    rounds(1, 20, 4_000);
    rounds(10, 20, 100);
    rounds(5, maxInFlight, 500);
    expect(admission.currentLimit).toBeLessThan(maxInFlight / 2);
  });

  it('does not count an overload as the usual latency', () => {
    rounds(10, 20, 100);
    rounds(200, maxInFlight, 500);
    expect(admission.currentLimit).toBe(minInFlight);
  });

  it('never counts less than 100 ms as slow', () => {
    rounds(200, 20, 1);
    rounds(200, maxInFlight, 95);
    expect(admission.currentLimit).toBe(maxInFlight);
  });

  it('reports once how many were turned away', () => {
    admission.noteTurnedAway();
    admission.noteTurnedAway();
    expect([admission.takeTurnedAway(), admission.takeTurnedAway()]).toEqual([2, 0]);
  });
});
