import { readOrderPage, toOrderConnection } from './order-connection.ts';
import { idOf } from './reference.ts';
import type { UserResolvers } from './types.generated.ts';

export const User: UserResolvers = {
  __resolveReference(reference) {
    const id = idOf(reference);
    return id === undefined ? null : { __typename: 'User', id };
  },

  async orders({ id }, args, { ordersByUser }) {
    const page = readOrderPage(args);
    return toOrderConnection(await ordersByUser(page.range).load(id), page);
  },
};
