import { expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import {
  createServices,
  type UsersServices,
} from '../../subgraphs/users/services/create-services.ts';
import {
  argon2id,
  createPasswordHasher,
  hasherBounds,
  type PasswordHasher,
} from '../../subgraphs/users/services/password-hasher.ts';
import { generatePrivateKeyPem } from '../../subgraphs/users/services/private-key-pem.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { password, useUsers } from './users-subgraph.ts';

/** Of each of six, together far more than there are places. */
const changesOfEach = 8;

const logins: readonly (readonly [email: string, password: string])[] = [
  ['john@example.com', 'pass456'],
  ['jane@example.com', 'pass789'],
  ['admin@example.com', 'pass123'],
];

describeOnEachDatabase('users/sharing the work on passwords', (open) => {
  const { database, signUp } = useUsers(open);

  /** Services whose work on passwords begins at `start()`, and the accounts whose password was looked at, in order. */
  const createHeldServices = async () => {
    const turns: string[] = [];
    let waiting = 0;
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => (start = resolve));
    const makePasswordHasher = async (): Promise<PasswordHasher> => {
      // On any machine, no login waits too long.
      const hasher = await createPasswordHasher(argon2id, { ...hasherBounds, maxWaitMs: 300_000 });
      return {
        ...hasher,
        matches: (secret, hash, caller, atItsTurn) => {
          waiting += 1;
          return hasher.matches(secret, hash, caller, async () => {
            turns.push(caller.account);
            await started;
            await atItsTurn?.();
          });
        },
      };
    };
    const services: UsersServices = await createServices(
      {
        database: database(),
        environment: { ACCESS_TOKEN_PRIVATE_KEYS: generatePrivateKeyPem() },
        mode: 'development',
        dataDir: 'not needed with a key',
        clock: systemClock,
        log: createLogger('users', 'silent'),
      },
      makePasswordHasher,
    );
    return { services, turns, start, waiting: () => waiting };
  };

  it.each([
    ['the same network', '192.0.2.7'],
    ['another network', '198.51.100.9'],
  ])(
    'logins from %s do not wait for those who change their passwords many times at once',
    async (_where, address) => {
      const people = [];
      for (let index = 0; index < 6; index += 1) people.push(await signUp());
      const emails = people.map(({ email }) => email);
      const { services, turns, start, waiting } = await createHeldServices();
      const { accounts, users } = services;
      const changes = [];
      for (const email of emails) {
        const id = (await users.credentialsByEmail(email))?.user.id ?? '';
        for (let index = 0; index < changesOfEach; index += 1) {
          const next = `the password number ${index}`;
          const change = { current: password, next, address: '192.0.2.7' };
          changes.push(accounts.changePassword(id, change));
        }
      }
      await until(() => waiting() === changes.length);
      const sessions = logins.map(([email, secret]) => accounts.login(email, secret, address));
      await until(() => waiting() === changes.length + logins.length);

      start();
      expect((await Promise.all(sessions)).map(({ kind }) => kind)).toEqual(
        logins.map(() => 'done'),
      );
      // Everybody has had a turn before anybody has a second one; two had theirs before the others came.
      const places = logins.map(([email]) => turns.indexOf(email));
      expect(Math.max(...places)).toBeLessThan(2 + emails.length + logins.length);

      const outcomes = await Promise.all(changes);
      const made = emails.map((_email, index) =>
        outcomes
          .slice(index * changesOfEach, (index + 1) * changesOfEach)
          .filter(({ kind }) => kind === 'done'),
      );
      expect(made.map(({ length }) => length)).toEqual(emails.map(() => 1));
    },
  );
});
