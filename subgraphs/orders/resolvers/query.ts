import { readOrderPage, toOrderConnection } from './order-connection.ts';
import type { QueryResolvers } from './types.generated.ts';

export const Query: QueryResolvers = {
  order: (_query, { id }, { orderById }) => orderById.load(id),

  async orders(_query, args, { orders }) {
    const page = readOrderPage(args);
    return toOrderConnection(await orders.newest(page.range, args.status ?? undefined), page);
  },
};
