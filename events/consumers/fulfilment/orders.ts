import { z } from 'zod';
import { type AskTrace, createAskSubgraph, type SubgraphAddress } from '../ask-subgraph.ts';
import type { ShippingAddress } from './shipping-provider.ts';

/** An order, as far as fulfilment has to know it. */
export interface OrderToShip {
  readonly status: string;
  /** Whether it was on its way, whatever it is now. */
  readonly wasShipped: boolean;
  readonly address: ShippingAddress | null;
}

/** The orders, which the subgraph of orders owns. Calls may be made again with no other effect; they reject when it is away. */
export interface Orders {
  /** Undefined when there is none of that id. */
  find(orderId: string, call: OrdersCall): Promise<OrderToShip | undefined>;
  /** Says that a paid order is on its way, and gives it as it is then: one that may not become so is what it was. */
  ship(orderId: string, call: OrdersCall): Promise<OrderToShip | undefined>;
}

/** On whose behalf orders is asked, and how long. */
export interface OrdersCall {
  readonly signal: AbortSignal;
  readonly trace: AskTrace;
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

const found = z.object({ data: z.object({ order: order.nullable() }) });
const shipped = z.object({
  data: z.object({ shipOrder: z.object({ order: order.nullable() }) }),
});

const findOrder = `query OrderToShip($id: ID!) { order(id: $id) { ${fields} } }`;
const shipOrder = `mutation Ship($id: ID!) { shipOrder(input: { id: $id }) { order { ${fields} } } }`;

/** Orders as the subgraph of orders has them, asked as an admin. */
export function createOrdersClient(address: SubgraphAddress): Orders {
  const scopes = ['orders:read:all', 'orders:write:all'];
  const ask = createAskSubgraph(address, { name: 'fulfilment', scopes });
  return {
    async find(id, call) {
      const answer = await ask({ query: findOrder, variables: { id } }, call);
      return toOrder(found.parse(answer).data.order);
    },
    async ship(id, call) {
      const answer = await ask({ query: shipOrder, variables: { id } }, call);
      return toOrder(shipped.parse(answer).data.shipOrder.order);
    },
  };
}

function toOrder(read: z.infer<typeof order> | null): OrderToShip | undefined {
  if (!read) return undefined;
  const { status, shippingAddress: address, events } = read;
  return { status, address, wasShipped: events.some(({ type }) => type === 'SHIPPED') };
}
