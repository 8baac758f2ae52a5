import { readId } from '../../kit/ids.ts';
import type { UserResolvers } from './types.generated.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }, { userById }) =>
    readId(id) === undefined ? null : userById.load(id),
  role: ({ role }) => (role === 'admin' ? 'ADMIN' : 'CUSTOMER'),
  username: ({ name }) => name,
};
