import type { Role } from '../../../common/viewer.ts';

/** A person with an account. */
export interface User {
  readonly id: string;
  /** As `readEmail` spells it. */
  readonly email: string;
  /** As `readName` spells it. */
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}
