import { readId } from '../../kit/ids.ts';
import type { UserResolvers } from './types.generated.ts';

/** The resolvers of the type `User`; the service that owns accounts knows whether an account exists. */
export const User: UserResolvers = {
  __resolveReference: ({ id }) => (readId(id) === undefined ? null : { id }),

  reviews: ({ id }, args, { load }) => load.reviews.pageOfUser(args).load(id),
};
