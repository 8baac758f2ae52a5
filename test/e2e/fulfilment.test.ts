import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

const placeOrder = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      order {
        id
        status
      }
      userErrors {
        code
      }
    }
  }
`;

const input = {
  idempotencyKey: 'an-order-to-be-shipped',
  items: [{ productId: '2', quantity: 1 }],
  shippingAddress: {
    name: 'John Doe',
    line1: '1 Main Street',
    city: 'Springfield',
    postalCode: '62701',
    country: 'US',
  },
  payment: { method: 'CARD', token: 'tok_visa' },
};

describe('an order in the storefront', () => {
  let storefront: TestStorefront;

  beforeAll(async () => {
    storefront = await startTestStorefront();
  });
  afterAll(() => storefront.stop());

  it('is shipped by itself once it is paid, and its customer is told', async () => {
    const john = await storefront.login(accounts.john);
    const placed = await storefront.ask(john, placeOrder, { input });
    expect(placed.data.placeOrder).toMatchObject({ order: { status: 'PAID' }, userErrors: [] });
    const { id } = placed.data.placeOrder.order as { id: string };
    const { data } = await eventually(
      () => storefront.ask(john, `{ order(id: "${id}") { status events { type } } }`),
      (answer) => answer.data.order.status === 'SHIPPED',
    );
    expect(data.order.events.map(({ type }: { type: string }) => type)).toEqual([
      ...['PLACED', 'RESERVED', 'PAID', 'SHIPPED'],
    ]);
    const outbox = join(storefront.dataDir, 'outbox');
    const mails = await eventually(
      async () => {
        const files = await readdir(outbox).catch(() => []);
        // One that is still being written has another name.
        const names = files.filter((name) => name.endsWith('.eml'));
        return Promise.all(names.map((name) => readFile(join(outbox, name), 'utf8')));
      },
      (texts) => texts.some((text) => text.includes(`Your order ${id} is on its way.`)),
    );
    // Placed, paid, on its way.
    expect(mails).toHaveLength(3);
    expect(mails.every((mail) => mail.includes('john@example.com'))).toBe(true);
  });
});
