import type { ColumnType } from 'kysely';
import type { Role } from '../../../common/viewer.ts';

/** The tables of the database schema "users", as created by the migrations. */
export interface UsersTables {
  readonly users: UsersTable;
  readonly sessions: SessionsTable;
  readonly refresh_tokens: RefreshTokensTable;
  readonly password_attempts: PasswordAttemptsTable;
}

interface UsersTable {
  /** A 64-bit integer, as text. */
  readonly id: ColumnType<string, string | undefined, never>;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password_hash: string;
  readonly created_at: Date;
}

interface SessionsTable {
  readonly id: string;
  readonly user_id: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly ended_at: ColumnType<Date | null, never, Date>;
}

interface RefreshTokensTable {
  readonly token_hash: Uint8Array;
  readonly session_id: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: ColumnType<Date | null, never, Date>;
}

interface PasswordAttemptsTable {
  readonly subject: Uint8Array;
  readonly attempts: number;
  readonly ends_at: Date;
}
