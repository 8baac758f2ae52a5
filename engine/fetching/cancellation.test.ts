import { describe, expect, it } from '@jest/globals';
import { cancellationFrom, createCancellation } from './cancellation.ts';

describe('fetching/cancellation', () => {
  it('gives up registered work once, and work registered later at once', () => {
    const cancellation = createCancellation();
    const first = countingWork();
    const second = countingWork();
    cancellation.add(first);
    cancellation.cancel();
    cancellation.cancel();
    cancellation.add(second);
    expect([first.cancels, second.cancels, cancellation.cancelled]).toEqual([1, 1, true]);
  });

  it('leaves finished work alone', () => {
    const cancellation = createCancellation();
    const work = countingWork();
    cancellation.add(work);
    cancellation.delete(work);
    cancellation.cancel();
    expect(work.cancels).toBe(0);
  });

  it('follows an AbortSignal, also one that is aborted already', () => {
    const controller = new AbortController();
    const before = cancellationFrom(controller.signal);
    expect(before.cancelled).toBe(false);
    controller.abort();
    expect([before.cancelled, cancellationFrom(controller.signal).cancelled]).toEqual([true, true]);
  });
});

function countingWork(): { cancels: number; cancel(): void } {
  return {
    cancels: 0,
    cancel() {
      this.cancels += 1;
    },
  };
}
