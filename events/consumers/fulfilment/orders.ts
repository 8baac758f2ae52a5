import { z } from 'zod';
import { createTogether } from '../../../subgraphs/kit/together.ts';
import { createAskSubgraph, type SubgraphAddress } from '../ask-subgraph.ts';
import { untilAborted } from '../deadline.ts';
import type { ShippingAddress } from './shipping-provider.ts';

/** What fulfilment needs to know about an order. */
export interface OrderToShip {
  readonly status: string;
  /** Whether it has been shipped, whatever its status is now. */
  readonly wasShipped: boolean;
  readonly address: ShippingAddress | null;
}

/** The orders, owned by the orders subgraph. Calls are idempotent, and reject when it is unavailable. */
export interface Orders {
  /** `undefined` when the order does not exist. */
  find(orderId: string, call: OrdersCall): Promise<OrderToShip | undefined>;
  /** Marks a paid order as shipped and returns its status; an order that cannot be shipped stays as it was. */
  ship(orderId: string, call: OrdersCall): Promise<string | undefined>;
}

/** The deadline of a call, and the request that caused it. */
export interface OrdersCall {
  readonly signal: AbortSignal;
  readonly trace: { readonly correlationid: string; readonly traceparent: string };
}

const fields = `
  status
  shippingAddress { name line1 city postalCode country }
  events { type }
`;

const order = z.object({
  status: z.string(),
  shippingAddress: z
    .object({
      name: z.string(),
      line1: z.string(),
      city: z.string(),
      postalCode: z.string(),
      country: z.string(),
    })
    .nullable(),
  events: z.array(z.object({ type: z.string() })),
});

const found = z.object({ data: z.object({ orders: z.array(order.nullable()) }) });
const shipped = z.object({
  data: z.object({
    shipOrders: z.object({
      results: z.array(z.object({ order: z.object({ status: z.string() }).nullable() })),
    }),
  }),
});

const findOrders = `query OrdersToShip($of: [_Any!]!) {
  orders: _entities(representations: $of) { ... on Order { ${fields} } }
}`;
const shipOrders = `mutation Ship($orders: [OrderToShip!]!) {
  shipOrders(input: { orders: $orders }) { results { order { status } } }
}`;

interface OrderAndTrace {
  readonly id: string;
  readonly trace: OrdersCall['trace'];
}

/** The most orders in one call. */
const most = 100;

/** The orders from the orders subgraph, called as an admin; those that are looked for or shipped at the same time by one call. */
export function createOrdersClient(address: SubgraphAddress): Orders {
  const scopes = ['orders:read:all', 'orders:write:all'];
  const ask = createAskSubgraph(address, { name: 'fulfilment', scopes });
  const findAll = async (ids: readonly string[]): Promise<readonly (OrderToShip | undefined)[]> => {
    const of = ids.map((id) => ({ __typename: 'Order', id }));
    const answer = await ask({ query: findOrders, variables: { of } });
    return found.parse(answer).data.orders.map(toOrder);
  };
  const find = createTogether({ run: findAll, most });
  /** Each keeps its own trace: the call is for all of them. */
  const shipAll = async (
    orders: readonly OrderAndTrace[],
  ): Promise<readonly (string | undefined)[]> => {
    const given = orders.map(({ id, trace: { correlationid, traceparent } }) => ({
      ...{ id, correlationId: correlationid, traceparent },
    }));
    const answer = await ask({ query: shipOrders, variables: { orders: given } });
    return shipped.parse(answer).data.shipOrders.results.map(({ order }) => order?.status);
  };
  const ship = createTogether({ run: shipAll, most });
  return {
    find: (id, { signal }) => untilAborted(signal, find(id)),
    ship: (id, { signal, trace }) => untilAborted(signal, ship({ id, trace })),
  };
}

function toOrder(read: z.infer<typeof order> | null): OrderToShip | undefined {
  if (!read) return undefined;
  const { status, shippingAddress: address, events } = read;
  return { status, address, wasShipped: events.some(({ type }) => type === 'SHIPPED') };
}
