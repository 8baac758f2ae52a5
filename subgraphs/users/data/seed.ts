import type { Transaction } from 'kysely';
import type { RemovedRows } from '../../kit/define-subgraph.ts';
import type { UsersTables } from './tables.ts';

/** The demonstration accounts. Their passwords are public, so they only exist when demonstration data was requested. */
const accounts = [
  {
    id: '1',
    email: 'john@example.com',
    name: 'John Doe',
    role: 'customer',
    password: 'pass456',
    createdAt: new Date('2026-01-05T09:00:00.000Z'),
  },
  {
    id: '2',
    email: 'jane@example.com',
    name: 'Jane Roe',
    role: 'customer',
    password: 'pass789',
    createdAt: new Date('2026-01-06T09:00:00.000Z'),
  },
  {
    id: '3',
    email: 'admin@example.com',
    name: 'Ada Admin',
    role: 'admin',
    password: 'pass123',
    createdAt: new Date('2026-01-02T09:00:00.000Z'),
  },
] as const;

/** Writes the demonstration accounts into empty tables. */
export function seedUsers(
  hashPassword: (password: string) => Promise<string>,
): (transaction: Transaction<UsersTables>) => Promise<void> {
  return async (transaction) => {
    const rows = await Promise.all(
      accounts.map(async ({ id, email, name, role, password, createdAt }) => ({
        id,
        email,
        name,
        role,
        password_hash: await hashPassword(password),
        created_at: createdAt,
      })),
    );
    await transaction.insertInto('users').values(rows).execute();
  };
}

/** Removes the demonstration accounts, even renamed ones, and their sessions. */
export async function unseedUsers(transaction: Transaction<UsersTables>): Promise<RemovedRows> {
  const ids = accounts.map(({ id }) => id);
  const sessions = await transaction
    .deleteFrom('sessions')
    .where('user_id', 'in', ids)
    .executeTakeFirst();
  const users = await transaction.deleteFrom('users').where('id', 'in', ids).executeTakeFirst();
  return { users: Number(users.numDeletedRows), sessions: Number(sessions.numDeletedRows) };
}
