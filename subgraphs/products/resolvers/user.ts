import { readId } from '../../kit/ids.ts';
import type { UserResolvers } from './types.generated.ts';

/** The resolvers of the type `User`: whether there is such an account is known to the service that owns accounts. */
export const User: UserResolvers = {
  __resolveReference: ({ id }) => (readId(id) === undefined ? null : { id }),

  reviews: ({ id }, args, { load }) => load.reviews.pageOfUser(args).load(id),
};
