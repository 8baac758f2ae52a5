import { z } from 'zod';
import { defineRestRoute, type RestRoute } from '../../../gateway/http/rest/rest-route.ts';
import { money } from './money.ts';
import { notDone, payloadOf } from './payload.ts';

const text = (max: number) => z.string().min(1).max(max);

const order = z.object({
  id: z.string(),
  status: z
    .string()
    .describe('PENDING, RESERVED, PAID, SHIPPED, DELIVERED, REJECTED, CANCELLED or REFUNDED.'),
  statusReason: z.string().nullable(),
  expiresAt: z.string().nullable(),
  items: z.array(
    z.object({ name: z.string().nullable(), quantity: z.int(), unitPrice: money, subtotal: money }),
  ),
  total: money,
  shipping: money,
  totalWithShipping: money,
  events: z.array(z.object({ type: z.string(), at: z.string() })),
  placedAt: z.string(),
});

const orderSelection = `{
    id status statusReason expiresAt placedAt
    items { name quantity unitPrice { amount currencyCode } subtotal { amount currencyCode } }
    total { amount currencyCode } shipping { amount currencyCode } totalWithShipping { amount currencyCode }
    events { type at }
  }`;

const getOrder = defineRestRoute({
  method: 'GET',
  path: '/orders/{id}',
  operationId: 'getOrder',
  summary: 'One order: a customer’s own, an admin any.',
  pathParameters: z.object({ id: text(64).describe('The id of an order.') }),
  document: `query GetOrder($id: ID!) { order(id: $id) ${orderSelection} }`,
  variablesOf: ({ path }) => path,
  data: z.object({ order: order.nullable() }),
  answerOf: ({ order: found }) =>
    found ? { status: 200, body: found } : { status: 404, detail: 'There is no such order.' },
  answers: {
    200: { description: 'The order.', body: order },
    404: { description: 'There is none, or it belongs to another customer.' },
  },
});

const placed = order.pick({ id: true, status: true });

const placeOrder = defineRestRoute({
  method: 'POST',
  path: '/orders',
  operationId: 'placeOrder',
  summary:
    'Places an order. A request that is sent again with its key within 24 hours places no second one.',
  headers: z.object({
    'idempotency-key': z
      .string()
      .min(1)
      .max(102)
      .transform((key) => /^"(.*)"$/.exec(key)?.[1] ?? key)
      .describe('New for each order, such as a UUID; may be in quotes.'),
  }),
  body: z.strictObject({
    items: z
      .array(z.strictObject({ productId: text(64), quantity: z.int().min(1).max(1_000) }))
      .min(1)
      .max(100),
    shippingAddress: z.strictObject({
      name: text(100),
      line1: text(200),
      city: text(100),
      postalCode: text(20),
      country: text(2).describe('ISO 3166-1, such as `US`.'),
    }),
    payment: z
      .strictObject({ method: z.literal('CARD'), token: text(100) })
      .optional()
      .describe('Without it, the pieces are kept for 15 minutes.'),
  }),
  document: `mutation PlaceOrder($input: PlaceOrderInput!) {
    placeOrder(input: $input) { order { id status } userErrors { code message path } }
  }`,
  variablesOf: ({ headers, body }) => ({
    input: { ...body, idempotencyKey: headers['idempotency-key'] },
  }),
  data: z.object({ placeOrder: payloadOf({ order: placed.nullable() }) }),
  answerOf: ({ placeOrder: { order: accepted, userErrors } }) =>
    accepted && accepted.status !== 'REJECTED'
      ? { status: 202, headers: { location: `/orders/${accepted.id}` }, body: accepted }
      : notDone({ userErrors }),
  answers: {
    202: {
      description: 'The order is kept, and goes on by itself: see its location.',
      body: placed,
      headers: { location: 'Where the order is.' },
    },
    422: { description: 'It was not placed, or not taken: `errors` says why.' },
  },
});

/** Orders, for clients that do not use GraphQL. */
export const orderRoutes: readonly RestRoute[] = [placeOrder, getOrder];
