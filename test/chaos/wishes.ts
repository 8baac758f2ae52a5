import type { Random } from '../support/oracles/random.ts';

/** An order as a customer wants it. */
export interface Wish {
  readonly userId: string;
  readonly key: string;
  readonly productId: string;
  readonly quantity: number;
  readonly token: string;
  /** Whether it is paid after it was placed, and not with it. */
  readonly isPaidLater: boolean;
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
 * called off, some are paid later; the last product may run out, so the first two kinds are of others.
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
      isPaidLater: number % 8 >= 4,
      isCalledOff: number % 4 === 1,
    };
  });
}

/** What a client does for an order: places it, pays if it has not, and calls it off if it is to be. Gives the order if there is one. */
export async function fulfil(ask: AskAs, wish: Wish): Promise<PlacedOrder | null> {
  const { userId, key, productId, quantity, token, isPaidLater, isCalledOff } = wish;
  const change = async (
    field: string,
    type: string,
    input: object,
  ): Promise<PlacedOrder | null> => {
    const data = await ask<Record<string, { order: PlacedOrder | null }>>(
      userId,
      `mutation ($input: ${type}!) { ${field}(input: $input) { order { id status } userErrors { code } } }`,
      { input },
    );
    return data[field]?.order ?? null;
  };
  const payment = { method: 'CARD', token };
  let order = await change('placeOrder', 'PlaceOrderInput', {
    idempotencyKey: key,
    items: [{ productId, quantity }],
    shippingAddress: address,
    ...(!isPaidLater && { payment }),
  });
  if (isPaidLater && order?.status === 'RESERVED') {
    order = await change('payOrder', 'PayOrderInput', { id: order.id, payment });
  }
  if (!isCalledOff || order?.status !== 'PAID') return order;
  return change('cancelOrder', 'CancelOrderInput', { id: order.id });
}
