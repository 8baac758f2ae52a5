import type { Selectable } from 'kysely';
import type { User } from '../domain/user.ts';
import type { UsersTables } from './tables.ts';

/** The columns of a `User`: never the password hash. */
export const userColumns = ['id', 'email', 'name', 'role', 'created_at'] as const;

type UserRow = Pick<Selectable<UsersTables['users']>, (typeof userColumns)[number]>;

/** Converts a row of the table to the domain type. */
export function toUser({ id, email, name, role, created_at: createdAt }: UserRow): User {
  return { id, email, name, role, createdAt };
}
