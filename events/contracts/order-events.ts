import { z } from 'zod';
import { defineEvent } from './event-contract.ts';

const id = z.string().regex(/^[1-9]\d{0,18}$/);
const orderId = id.describe('The order.');
const userId = id.describe('The customer who placed it.');
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217.');
const minor = z.int().nonnegative().describe('An amount in minor units of the currency.');
const moment = z.iso.datetime().describe('In UTC.');
const reason = z.string().min(1).max(500).describe('Why, in a sentence for the customer.');

const item = z.object({
  productId: id.describe('The product.'),
  sku: z.string().min(1).max(64).describe('Its stock keeping unit when the order was placed.'),
  quantity: z.int().positive().describe('Pieces.'),
  unitPriceMinor: minor,
});

/** A customer has placed an order. */
export const orderPlacedV1 = defineEvent({
  name: 'shop.order.placed',
  version: 1,
  title: 'An order was placed',
  description: 'The order is accepted, and nothing is reserved or paid yet.',
  data: z.object({
    orderId,
    userId,
    placedAt: moment,
    currency,
    totalMinor: minor.describe('The sum of the items, in minor units.'),
    items: z.array(item).min(1).max(100).describe('What was ordered.'),
  }),
});

/** The same with shipping costs, which the first version lacks. */
export const orderPlacedV2 = defineEvent({
  name: 'shop.order.placed',
  version: 2,
  title: 'An order was placed, with its totals',
  description: 'As version 1; the totals have their currency, and shipping apart from the items.',
  data: z.object({
    orderId,
    userId,
    placedAt: moment,
    totals: z
      .object({
        currency,
        itemsMinor: minor.describe('The sum of the items, in minor units.'),
        shippingMinor: minor.describe('What shipping costs, in minor units.'),
        totalMinor: minor.describe('What is to be paid, in minor units.'),
      })
      .describe('What the order costs.'),
    items: z.array(item).min(1).max(100).describe('What was ordered.'),
  }),
  predecessor: {
    contract: orderPlacedV1,
    up: ({ currency: code, totalMinor, ...rest }) => ({
      ...rest,
      totals: { currency: code, itemsMinor: totalMinor, shippingMinor: 0, totalMinor },
    }),
    // Consumers of version 1 treat `totalMinor` as the amount to pay.
    down: ({ totals, ...rest }) => ({
      ...rest,
      currency: totals.currency,
      totalMinor: totals.totalMinor,
    }),
  },
});

/** The stock for an order is reserved. */
export const stockReservedV1 = defineEvent({
  name: 'shop.stock.reserved',
  version: 1,
  title: 'Stock was reserved',
  description: 'Every piece of the order is held until the time that is given.',
  data: z.object({
    orderId,
    userId,
    expiresAt: moment,
    items: z
      .array(z.object({ productId: item.shape.productId, quantity: item.shape.quantity }))
      .min(1)
      .max(100)
      .describe('What is held.'),
  }),
});

/** An order is paid. */
export const paymentProcessedV1 = defineEvent({
  name: 'shop.payment.processed',
  version: 1,
  title: 'A payment was processed',
  description: 'The whole total of the order is paid.',
  data: z.object({
    orderId,
    userId,
    paymentId: z.string().min(1).max(100).describe('The payment, as its provider names it.'),
    currency,
    amountMinor: minor,
  }),
});

/** An order has been shipped. */
export const shippingStartedV1 = defineEvent({
  name: 'shop.shipping.started',
  version: 1,
  title: 'Shipping started',
  description: 'The carrier has the parcel.',
  data: z.object({
    orderId,
    userId,
    shippedAt: moment,
  }),
});

/** An order has been delivered. */
export const orderDeliveredV1 = defineEvent({
  name: 'shop.order.delivered',
  version: 1,
  title: 'An order was delivered',
  description: 'The customer has the parcel.',
  data: z.object({ orderId, userId, deliveredAt: moment }),
});

/** An order has been cancelled. */
export const orderCancelledV1 = defineEvent({
  name: 'shop.order.cancelled',
  version: 1,
  title: 'An order was cancelled',
  description: 'By the customer or an admin; what was reserved is free again.',
  data: z.object({ orderId, userId, reason }),
});

/** A payment has been refunded. */
export const orderRefundedV1 = defineEvent({
  name: 'shop.order.refunded',
  version: 1,
  title: 'An order was refunded',
  description: 'The amount went back to the customer.',
  data: z.object({ orderId, userId, currency, amountMinor: minor, reason }),
});

/** An order has been rejected. */
export const orderRejectedV1 = defineEvent({
  name: 'shop.order.rejected',
  version: 1,
  title: 'An order was rejected',
  description: 'There were not enough pieces, or the payment was declined.',
  data: z.object({ orderId, userId, reason }),
});
