import { DateTime } from '../../kit/scalars.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { Session } from './session.ts';
import type { Resolvers } from './types.generated.ts';
import { User } from './user.ts';

/** The resolver map of each type that needs one. */
export const resolvers: Resolvers = { DateTime, Query, Mutation, User, Session };
