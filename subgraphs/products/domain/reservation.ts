/** How many pieces of a product an order wants. */
export interface ReservationItem {
  readonly productId: string;
  /** 1 to 1,000. */
  readonly quantity: number;
}

/** `HELD`: kept for an order until it expires; `CONFIRMED`: sold; `RELEASED`: free again, and for good. */
export type ReservationState = 'HELD' | 'CONFIRMED' | 'RELEASED';

/** A product of which an order wants more than there is. */
export interface Shortage {
  readonly productId: string;
  /** How many pieces are free; 0 for a product that is not sold, or not any more. */
  readonly available: number;
}

/** What came of reserving. */
export type ReserveOutcome =
  /** The pieces are kept, now or since an equal call before; `expiresAt` counts until they are confirmed. */
  | { readonly kind: 'held'; readonly expiresAt: Date }
  /** Nothing is kept. */
  | { readonly kind: 'short'; readonly shortages: readonly Shortage[] }
  /** The reservation of this order was released: it cannot be made again. */
  | { readonly kind: 'ended' }
  /** This order has a reservation of other items. */
  | { readonly kind: 'different' };

/** For how long pieces are kept for an order that is not paid. */
export const reservationLifetimeMs = 15 * 60_000;

/**
 * The items in the order in which every reservation locks its products: two that want the same ones wait for each other
 * in one direction, never in a circle.
 */
export function inLockOrder<T extends { readonly productId: string }>(
  items: readonly T[],
): readonly T[] {
  return [...items].sort((one, other) => {
    const difference = BigInt(one.productId) - BigInt(other.productId);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  });
}

/** True for equal products and quantities, in whatever order. */
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
