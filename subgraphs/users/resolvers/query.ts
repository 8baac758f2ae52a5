import type { QueryResolvers } from './types.generated.ts';
import { readUserPage, toUserConnection } from './user-connection.ts';

export const Query: QueryResolvers = {
  me: (_query, _args, { viewer, userById }) =>
    viewer.kind === 'user' ? userById.load(viewer.id) : null,

  user: (_query, { id }, { userById }) => userById.load(id),

  users: async (_query, args, { users }) => {
    const page = readUserPage(args);
    return toUserConnection(await users.newestFirst(page.first + 1, page.position), page);
  },
};
