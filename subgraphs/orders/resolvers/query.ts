import { readOrderPage, toOrderConnection } from './order-connection.ts';
import type { QueryResolvers } from './types.generated.ts';

export const Query: QueryResolvers = {
  order: (_query, { id }, { orderById }) => orderById.load(id),

  async orders(_query, args, { orders }) {
    const page = readOrderPage(args);
    return toOrderConnection(await orders.newest(page.range, args.status ?? undefined), page);
  },

  async quoteOrder(_query, { items, country }, { placing, ...trace }) {
    const { quote, faults: userErrors } = await placing.quote(items, country, trace);
    return { quote, userErrors };
  },
};
