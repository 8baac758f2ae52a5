import type { Random } from '../support/oracles/random.ts';

/** An order as a customer wants it. */
export interface Wish {
  readonly userId: string;
  readonly key: string;
  readonly productId: string;
  readonly quantity: number;
  readonly token: string;
  readonly isCalledOff: boolean;
}

/** The state of an order, as it was answered. */
export interface PlacedOrder {
  readonly id: string;
  readonly status: string;
}

/** Sends an operation of a customer; rejects when it has no answer or errors. */
export type AskAs = <T>(userId: string, query: string, variables: object) => Promise<T>;

const address = {
  name: 'John Doe',
  line1: '1 Main Street',
  city: 'Springfield',
  postalCode: '62701',
  country: 'US',
};

/**
 * Draws so many wishes, numbered from `first`: of eight in a row there is one of each kind. Some are declined, some are
 * called off; the last product may run out, so those are of others.
 */
export function drawWishes(
  random: Random,
  {
    seed,
    first,
    count,
    productIds,
    userIdOf,
  }: {
    readonly seed: number;
    readonly first: number;
    readonly count: number;
    readonly productIds: readonly string[];
    readonly userIdOf: (index: number) => string;
  },
): readonly Wish[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return {
      userId: userIdOf(index),
      key: `wish-${seed}-${number}`,
      productId: random.pick(number % 4 < 2 ? productIds.slice(0, -1) : productIds),
      quantity: 1 + random.below(4),
      token: number % 4 === 0 ? 'tok_declined' : 'tok_visa',
      isCalledOff: number % 4 === 1,
    };
  });
}

/** What a client does for an order: places it, then calls it off if it is to be. Gives the order if there is one. */
export async function fulfil(ask: AskAs, wish: Wish): Promise<PlacedOrder | null> {
  const { userId, key, productId, quantity, token, isCalledOff } = wish;
  const input = {
    idempotencyKey: key,
    items: [{ productId, quantity }],
    shippingAddress: address,
    payment: { method: 'CARD', token },
  };
  const { placeOrder } = await ask<{ placeOrder: { order: PlacedOrder | null } }>(
    userId,
    'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status } userErrors { code } } }',
    { input },
  );
  if (!isCalledOff || placeOrder.order?.status !== 'PAID') return placeOrder.order;
  const { cancelOrder } = await ask<{ cancelOrder: { order: PlacedOrder | null } }>(
    userId,
    'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { id status } userErrors { code } } }',
    { input: { id: placeOrder.order.id } },
  );
  return cancelOrder.order;
}
