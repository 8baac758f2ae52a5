import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { NotSentError } from '../../events/consumers/define-consumer.ts';
import {
  type Contacts,
  createUsersContacts,
} from '../../events/consumers/notifications/contacts.ts';
import { layDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { halt, resume } from '../support/halt.ts';
import { patienceMs } from '../support/patience.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';

describe('contacts of users in a process of its own', () => {
  let dataDir: string;
  let users: StartedProcess;
  let url: string;
  let contacts: Contacts;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'contacts-'));
    await layDatabase(dataDir);
    users = startProcess('subgraphs/users/main.ts', { DATA_DIR: dataDir, USERS_PORT: '0' });
    const [, address = ''] = await users.waitFor(/"url":"(http:[^"]+)"/);
    url = `${address}/graphql`;
    contacts = contactsBy(developmentIdentityKey('users'));
  }, 180_000);
  afterAll(async () => {
    users.child.kill('SIGKILL');
    await users.exit();
    await rm(dataDir, { recursive: true, force: true });
  });

  const contactsBy = (identityKey: string) =>
    createUsersContacts({ name: 'users', url, identityKey });
  const patient = () => AbortSignal.timeout(patienceMs);

  it('are the name and the address of an account', async () => {
    expect(await contacts.find('1', patient())).toEqual({
      name: 'John Doe',
      email: 'john@example.com',
    });
  });

  it.each(['999999', '0', 'no id', ''])(
    'are none of an account %j that there is not',
    async (id) => {
      expect(await contacts.find(id, patient())).toBeUndefined();
    },
  );

  it('are not told to one whose signature is wrong', async () => {
    const asked = contactsBy('another key that has 32 bytes or more').find('1', patient());
    await expect(asked).rejects.toThrow(NotSentError);
    await expect(asked).rejects.toThrow('users answered 401');
  });

  it('are asked for by one call when they are wanted at the same moment, and known for a moment after it', async () => {
    const known = contactsBy(developmentIdentityKey('users'));
    const found = await Promise.all(['1', '999999', '1'].map((id) => known.find(id, patient())));
    expect(found.map((contact) => contact?.name)).toEqual(['John Doe', undefined, 'John Doe']);
    await halt(users.child);
    try {
      expect(await known.find('1', AbortSignal.timeout(1_000))).toEqual(found[0]);
      await expect(known.find('999999', AbortSignal.timeout(200))).rejects.toThrow(NotSentError);
    } finally {
      resume(users.child);
    }
  });

  it('are waited for no longer than there is time, and a few seconds at most', async () => {
    const other = contactsBy(developmentIdentityKey('users'));
    await halt(users.child);
    try {
      await expect(other.find('1', AbortSignal.timeout(200))).rejects.toThrow(NotSentError);
      const since = performance.now();
      await expect(other.find('1', AbortSignal.timeout(60_000))).rejects.toThrow(NotSentError);
      expect(performance.now() - since).toBeLessThan(30_000);
    } finally {
      resume(users.child);
    }
    await eventually(
      () => contacts.find('1', patient()).catch(() => undefined),
      (contact) => contact?.email === 'john@example.com',
    );
  }, 120_000);

  it('are not known while users is dead, which is no reason to send nothing for good', async () => {
    users.child.kill('SIGKILL');
    await users.exit();
    const other = contactsBy(developmentIdentityKey('users'));
    await expect(other.find('1', patient())).rejects.toThrow(NotSentError);
  });
});
