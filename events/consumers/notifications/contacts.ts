import { request } from 'undici';
import { z } from 'zod';
import { messageOf } from '../../../common/errors.ts';
import { identityHeader, type IdentitySigner } from '../../../common/identity-token.ts';
import { NotSentError } from '../define-consumer.ts';

/** How a customer is reached. */
export interface Contact {
  readonly name: string;
  readonly email: string;
}

/** Who knows how customers are reached. Events do not say it: they are kept too long for that. */
export interface Contacts {
  /** Undefined for a customer that there is not any more. Throws NotSentError when it cannot be told now. */
  find(userId: string, signal: AbortSignal): Promise<Contact | undefined>;
}

/** Where the subgraph of users is asked. */
export interface UsersOptions {
  readonly url: string;
  readonly sign: IdentitySigner;
}

const answer = z.object({
  data: z.object({
    user: z.object({ name: z.string(), email: z.email().nullable() }).nullable(),
  }),
});

const query = 'query Contact($id: ID!) { user(id: $id) { name email } }';

/** The longest answer that is read. */
const maxBytes = 64 * 1024;

/** Contacts as the subgraph of users has them, asked as an admin. */
export function createUsersContacts({ url, sign }: UsersOptions): Contacts {
  return {
    async find(id, signal) {
      const viewer = {
        ...({ kind: 'user', id: '0', role: 'admin' } as const),
        scopes: ['users:read'],
        sessionId: 'notifications',
      };
      try {
        const { statusCode, body } = await request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            [identityHeader]: sign(viewer).token,
          },
          body: JSON.stringify({ query, variables: { id } }),
          signal,
        });
        const text = await readAtMost(body, maxBytes);
        if (statusCode !== 200) throw new Error(`users answered ${statusCode}`);
        const { user } = answer.parse(JSON.parse(text)).data;
        return user?.email == null ? undefined : { name: user.name, email: user.email };
      } catch (error) {
        throw new NotSentError(`The customer's contact is not known: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}

async function readAtMost(body: AsyncIterable<unknown>, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > most) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
