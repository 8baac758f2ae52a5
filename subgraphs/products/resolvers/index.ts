import { Money } from '../../kit/money.ts';
import { DateTime } from '../../kit/scalars.ts';
import { Mutation } from './mutation.ts';
import { Product } from './product.ts';
import { Query } from './query.ts';
import { Review } from './review.ts';
import { Subscription } from './subscription.ts';
import type { Resolvers } from './types.generated.ts';
import { User } from './user.ts';

/** One resolver map per type. */
export const resolvers: Resolvers = {
  DateTime,
  Money,
  Mutation,
  Product,
  Query,
  Review,
  Subscription,
  User,
};
