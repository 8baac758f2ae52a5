import type { SubgraphContext } from '../kit/define-subgraph.ts';
import { createOrderLoaders, type OrderLoaders } from './data/loaders.ts';
import type { OrderRepository } from './data/repository.ts';
import type { SalesRepository } from './data/sales-repository.ts';
import type { ChatOfViewers } from './services/chat-of-viewers.ts';
import type { OrdersServices } from './services/create-services.ts';
import type { OrderChanges } from './services/order-changes.ts';
import type { OrderFollowing } from './services/order-following.ts';
import type { PlacedOrders } from './services/placed-orders.ts';
import type { Placing, Quote } from './services/placing.ts';

/** The context of a resolver: the viewer, the services, and this request's loaders. */
export interface OrdersContext extends SubgraphContext, OrderLoaders {
  readonly orders: OrderRepository;
  readonly sales: SalesRepository;
  readonly placing: Placing;
  readonly changes: OrderChanges;
  readonly following: OrderFollowing;
  readonly placed: PlacedOrders;
  readonly chat: ChatOfViewers;
}

/** The source object of the type `OrderQuote`. */
export type OrderQuote = Quote;

/** Creates the context of a request. */
export function createContext(
  request: SubgraphContext,
  { messages, ...services }: OrdersServices,
): OrdersContext {
  const { orders, sales, placing, changes, following, placed, chat } = services;
  const loaders = createOrderLoaders(orders, messages);
  return { ...request, orders, sales, placing, changes, following, placed, chat, ...loaders };
}
