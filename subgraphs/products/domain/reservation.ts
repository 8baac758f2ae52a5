/** The quantity of a product that an order requests. */
export interface ReservationItem {
  readonly productId: string;
  /** 1 to 1,000. */
  readonly quantity: number;
}

/** `HELD`: reserved for an order until it expires; `CONFIRMED`: sold; `RELEASED`: available again, permanently. */
export type ReservationState = 'HELD' | 'CONFIRMED' | 'RELEASED';

/** A product of which an order requests more than is available. */
export interface Shortage {
  readonly productId: string;
  /** The quantity available; 0 for a product that is not sold (any more). */
  readonly available: number;
}

/** The result of a reservation. */
export type ReserveOutcome =
  /** The items are reserved, now or by an earlier identical call; `expiresAt` applies until they are confirmed. */
  | { readonly kind: 'held'; readonly expiresAt: Date }
  /** Nothing is reserved. */
  | { readonly kind: 'short'; readonly shortages: readonly Shortage[] }
  /** The reservation of this order was released and cannot be renewed. */
  | { readonly kind: 'ended' }
  /** This order has a reservation of other items. */
  | { readonly kind: 'different' };

/** How long items are reserved for an order that is not paid. */
export const reservationLifetimeMs = 15 * 60_000;

/**
 * The items in the order in which every reservation locks its products, so that concurrent reservations of the same
 * products cannot deadlock.
 */
export function inLockOrder<T extends { readonly productId: string }>(
  items: readonly T[],
): readonly T[] {
  return [...items].sort((one, other) => {
    const difference = BigInt(one.productId) - BigInt(other.productId);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  });
}

/** True for equal products and quantities, in any order. */
export function areSameItems(
  some: readonly ReservationItem[],
  others: readonly ReservationItem[],
): boolean {
  const quantities = new Map(some.map(({ productId, quantity }) => [productId, quantity]));
  return (
    some.length === others.length &&
    others.every(({ productId, quantity }) => quantities.get(productId) === quantity)
  );
}
