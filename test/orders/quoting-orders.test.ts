import { describe, expect, it } from '@jest/globals';
import { anonymous } from '../../common/viewer.ts';
import { openTestHome } from '../support/database.ts';
import { address, john, useShop } from './shop.ts';

const quoteOrder = /* GraphQL */ `
  query ($items: [OrderItemInput!]!, $country: String!) {
    quoteOrder(items: $items, country: $country) {
      quote {
        items {
          product {
            id
            sku
          }
          name
          quantity
          isAvailable
          unitPrice {
            amount
          }
          subtotal {
            amount
          }
        }
        total {
          amount
        }
        shipping {
          amount
        }
        totalWithShipping {
          amount
        }
      }
      userErrors {
        code
        path
      }
    }
  }
`;

describe('orders/quoting orders', () => {
  const shop = useShop(openTestHome);

  it('tells anybody what an order would cost, and keeps nothing back', async () => {
    const items = [
      { productId: '2', quantity: 3 },
      { productId: '1', quantity: 51 },
    ];
    const { data, errors } = await shop.ask(anonymous, quoteOrder, { items, country: 'US' });
    expect(errors).toBeUndefined();
    expect(data.quoteOrder).toMatchObject({
      quote: {
        items: [
          {
            product: { id: '2', sku: 'MOU-001' },
            name: 'Mouse',
            quantity: 3,
            isAvailable: true,
            unitPrice: { amount: '29.99' },
            subtotal: { amount: '89.97' },
          },
          { name: 'Laptop', isAvailable: false, subtotal: { amount: '50999.49' } },
        ],
        total: { amount: '51089.46' },
      },
      userErrors: [],
    });
    expect(await shop.piecesOf('2')).toEqual({ free: 200, held: 0, sold: 0 });
  });

  it.each(['US', 'CA', 'DE'])('asks to %s what the order then costs', async (country) => {
    const items = [{ productId: await shop.productWith(5), quantity: 3 }];
    const { data } = await shop.ask(anonymous, quoteOrder, { items, country });
    const { total, shipping, totalWithShipping } = data.quoteOrder.quote;
    const placed = await shop.place(john, { items, shippingAddress: { ...address, country } });
    expect(placed.data.placeOrder.order).toMatchObject({ total, shipping, totalWithShipping });
  });

  it.each([
    [[], 'US', 'ITEMS_INVALID', ['items']],
    [[{ productId: '1', quantity: 0 }], 'US', 'QUANTITY_INVALID', ['items', '0', 'quantity']],
    [[{ productId: '24', quantity: 1 }], 'US', 'PRODUCT_NOT_FOUND', ['items', '0', 'productId']],
    [[{ productId: '1', quantity: 1 }], 'XX', 'COUNTRY_NOT_SERVED', ['country']],
  ])('quotes no order of %j to %s', async (items, country, code, path) => {
    const { data } = await shop.ask(anonymous, quoteOrder, { items, country });
    expect(data.quoteOrder).toEqual({ quote: null, userErrors: [{ code, path }] });
  });
});
