import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { messageOf } from '../../../common/errors.ts';
import { createTogether } from '../../../subgraphs/kit/together.ts';
import { createAskSubgraph, type SubgraphAddress } from '../ask-subgraph.ts';
import { untilAborted } from '../deadline.ts';
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
    users: z.array(z.object({ name: z.string(), email: z.email().nullable() }).nullable()),
  }),
});

const query = `query Contacts($of: [_Any!]!) {
  users: _entities(representations: $of) { ... on User { name email } }
}`;

/** The most customers in one call. */
const most = 100;

/** For so long a contact is known: an order causes several messages within a moment. */
const knownMs = 5_000;
const maxKnown = 10_000;

/**
 * Contacts from the users subgraph, asked as an admin; those that are asked for at the same time by one call. An address
 * that has just been changed may be used for some seconds more.
 */
export function createUsersContacts(users: SubgraphAddress): Contacts {
  const ask = createAskSubgraph(users, { name: 'notifications', scopes: ['users:read'] });
  const findAll = async (ids: readonly string[]): Promise<readonly (Contact | undefined)[]> => {
    const of = ids.map((id) => ({ __typename: 'User', id }));
    const found = answer.parse(await ask({ query, variables: { of } })).data.users;
    return found.map((user) =>
      user?.email == null ? undefined : { name: user.name, email: user.email },
    );
  };
  const findOne = createTogether({ run: findAll, most });
  const known = new LRUCache<string, Contact>({ max: maxKnown, ttl: knownMs });
  return {
    async find(id, signal) {
      try {
        const contact = known.get(id) ?? (await untilAborted(signal, findOne(id)));
        if (contact && !known.has(id)) known.set(id, contact);
        return contact;
      } catch (error) {
        throw new NotSentError(`The customer's contact is not known: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}
