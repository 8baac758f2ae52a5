import type { Selectable } from 'kysely';
import type { User } from '../domain/user.ts';
import type { UsersTables } from './tables.ts';

/** The columns a `User` is made of: never the password's hash. */
export const userColumns = ['id', 'email', 'name', 'role', 'created_at'] as const;

type UserRow = Pick<Selectable<UsersTables['users']>, (typeof userColumns)[number]>;

/** A row of the table as the domain knows it. */
export function toUser({ id, email, name, role, created_at: createdAt }: UserRow): User {
  return { id, email, name, role, createdAt };
}
