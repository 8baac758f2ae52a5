import type { Role } from '../../../common/viewer.ts';

/** A person with an account. */
export interface User {
  readonly id: string;
  /** In the canonical form of `readEmail`. */
  readonly email: string;
  /** In the canonical form of `readName`. */
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}
