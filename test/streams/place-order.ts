import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { TestStorefront } from '../support/storefront.ts';

/** Places an order of some pieces as a customer, paid unless it shall wait for that, and gives its id. */
export async function placeOrder(
  shop: Pick<TestStorefront, 'ask'>,
  token: string,
  productId = '1',
  quantity = 1,
  isPaid = true,
): Promise<string> {
  const { data, errors } = await shop.ask(
    token,
    `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code } } }`,
    {
      input: {
        items: [{ productId, quantity }],
        shippingAddress: {
          name: 'John',
          line1: 'Street 1',
          city: 'Town',
          postalCode: '1',
          country: 'US',
        },
        ...(isPaid && { payment: { method: 'CARD', token: 'tok_visa' } }),
        idempotencyKey: randomUUID(),
      },
    },
  );
  expect(errors).toBeUndefined();
  return (data as { placeOrder: { order: { id: string } } }).placeOrder.order.id;
}
