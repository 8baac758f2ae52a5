import { describe, expect, it } from '@jest/globals';
import { isUndone, statesBefore } from './moves.ts';
import { eventNameOf, eventTypeOf } from './order-event.ts';

const statuses = [
  'PENDING',
  'RESERVED',
  'PAID',
  'SHIPPED',
  'DELIVERED',
  'REJECTED',
  'CANCELLED',
  'REFUNDED',
] as const;

describe('orders/domain/moves', () => {
  it('leads nowhere back: an order is in each state once at most', () => {
    for (const status of statuses) {
      const seen = new Set<string>();
      const open = [...statesBefore(status)];
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        seen.add(state);
        open.push(...statesBefore(state).filter((each) => !seen.has(each)));
      }
      expect([...seen]).not.toContain(status);
    }
  });

  it('leads nowhere from where pieces and money go back', () => {
    const left = new Set(statuses.flatMap((status) => [...statesBefore(status)]));
    expect(statuses.filter((status) => isUndone(status) && left.has(status))).toEqual([]);
  });

  it('names events as others know them', () => {
    expect(eventNameOf('PLACED')).toBe('shop.order.placed.v1');
    for (const status of statuses) {
      if (status !== 'PENDING') expect(eventTypeOf(eventNameOf(status))).toBe(status);
    }
  });
});
