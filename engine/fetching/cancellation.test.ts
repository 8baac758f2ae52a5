import { describe, expect, it } from '@jest/globals';
import { createCancellation } from './cancellation.ts';

describe('fetching/cancellation', () => {
  it('cancels registered work once, and later work immediately', () => {
    const cancellation = createCancellation();
    const first = countingWork();
    const second = countingWork();
    cancellation.add(first);
    cancellation.cancel();
    cancellation.cancel();
    cancellation.add(second);
    expect([first.cancels, second.cancels, cancellation.cancelled]).toEqual([1, 1, true]);
  });

  it('does not cancel finished work', () => {
    const cancellation = createCancellation();
    const work = countingWork();
    cancellation.add(work);
    cancellation.delete(work);
    cancellation.cancel();
    expect(work.cancels).toBe(0);
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
