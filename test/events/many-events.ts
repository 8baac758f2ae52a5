import { expect } from '@jest/globals';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import { cancelled } from './cancelled.ts';
import type { EventHouse } from './event-house.ts';

/** Writes events of that many customers in turn, several in a transaction; each carries its number, the first one `from`. */
export async function writeMany(
  { database }: Pick<EventHouse, 'database'>,
  count: number,
  customers: number,
  from = 0,
): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  for (let at = 0; at < count; at += 100) {
    await database.transaction().execute(async (transaction) => {
      for (const number of numbers.slice(at, at + 100)) {
        const userId = String(1 + (number % customers));
        await appendToOutbox(transaction, cancelled({ userId, reason: `Number ${number}` }));
      }
    });
  }
}

/** Fails unless the events of each customer come in the order of their numbers. */
export function expectInOrder(
  events: readonly { readonly key: string; readonly reason: string }[],
): void {
  const last = new Map<string, number>();
  const outOfOrder = events.filter(({ key, reason }) => {
    const number = Number(reason.replace('Number ', ''));
    const isLate = number < (last.get(key) ?? -1);
    last.set(key, Math.max(number, last.get(key) ?? -1));
    return isLate;
  });
  expect(outOfOrder).toEqual([]);
}
