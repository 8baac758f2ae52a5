import { createIdentitySigner } from '../common/identity-token.ts';
import { type Contacts, createUsersContacts } from './consumers/notifications/contacts.ts';
import type { EventSettings } from './load-settings.ts';

/** Contacts of customers, as the settings say where to ask. */
export function createContacts({ url, identityKeys }: EventSettings['users']): Contacts {
  const [key = ''] = identityKeys;
  return createUsersContacts({ url, sign: createIdentitySigner('users', key) });
}
