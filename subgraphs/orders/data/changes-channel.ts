/**
 * The channel on which the database notifies the ids of orders whose state changes (migration 0003), and each new one again
 * (migration 0004).
 */
export const orderChangesChannel = 'orders_changed';

const placed = 'placed ';

/** The id of an order that was placed, from what is notified; `undefined` for anything else. */
export function placedIdIn(payload: string): string | undefined {
  return payload.startsWith(placed) ? payload.slice(placed.length) : undefined;
}
