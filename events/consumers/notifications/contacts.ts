import { z } from 'zod';
import { messageOf } from '../../../common/errors.ts';
import { createAskSubgraph, type SubgraphAddress } from '../ask-subgraph.ts';
import { NotSentError } from '../define-consumer.ts';

/** A customer's contact data. */
export interface Contact {
  readonly name: string;
  readonly email: string;
}

/** Looks up contact data. Events do not contain it, because they are kept too long for personal data. */
export interface Contacts {
  /** `undefined` for a customer that no longer exists. Throws NotSentError when the lookup fails. */
  find(userId: string, signal: AbortSignal): Promise<Contact | undefined>;
}

const answer = z.object({
  data: z.object({
    user: z.object({ name: z.string(), email: z.email().nullable() }).nullable(),
  }),
});

const query = 'query Contact($id: ID!) { user(id: $id) { name email } }';

/** Contacts from the users subgraph, asked as an admin. */
export function createUsersContacts(users: SubgraphAddress): Contacts {
  const ask = createAskSubgraph(users, { name: 'notifications', scopes: ['users:read'] });
  return {
    async find(id, signal) {
      try {
        const { user } = answer.parse(await ask({ query, variables: { id } }, { signal })).data;
        return user?.email == null ? undefined : { name: user.name, email: user.email };
      } catch (error) {
        throw new NotSentError(`The customer's contact is not known: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}
