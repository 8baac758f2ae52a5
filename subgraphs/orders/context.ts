import type { Kysely } from 'kysely';
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import { createOrderLoaders, type OrderLoaders } from './data/loaders.ts';
import { createOrderRepository, type OrderRepository } from './data/repository.ts';
import type { OrdersTables } from './data/tables.ts';

/** What a resolver gets: who asks, the orders, and this request's loaders. */
export interface OrdersContext extends SubgraphContext, OrderLoaders {
  readonly orders: OrderRepository;
}

/** What lives as long as the process. */
export interface OrdersServices {
  readonly orders: OrderRepository;
}

/** Makes what lives as long as the process. */
export function createServices({
  database,
}: {
  readonly database: Kysely<OrdersTables>;
}): OrdersServices {
  return { orders: createOrderRepository(database) };
}

/** Makes what lives as long as a request. */
export function createContext(request: SubgraphContext, { orders }: OrdersServices): OrdersContext {
  return { ...request, orders, ...createOrderLoaders(orders) };
}
