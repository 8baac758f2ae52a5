import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { AppError } from '../../common/errors.ts';
import { createLogger } from '../../common/logger.ts';
import {
  createServices,
  type UsersServices,
} from '../../subgraphs/users/services/create-services.ts';
import { generatePrivateKeyPem } from '../../subgraphs/users/services/private-key-pem.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { useUsers } from './users-subgraph.ts';

const minute = 60_000;
const john = 'john@example.com';
const here = '192.0.2.7';
const elsewhere = '198.51.100.9';

describeOnEachDatabase('users/wrong passwords (threat 51)', (open) => {
  const { database } = useUsers(open);
  let now = Date.parse('2026-11-24T08:00:00.000Z');
  /** Two processes on one database. */
  let processes: readonly [UsersServices, UsersServices];

  beforeAll(async () => {
    const start = () =>
      createServices({
        database: database(),
        environment: { ACCESS_TOKEN_PRIVATE_KEYS: generatePrivateKeyPem() },
        mode: 'development',
        dataDir: 'not needed with a key',
        clock: { now: () => now },
        log: createLogger('users', 'silent'),
      });
    processes = [await start(), await start()];
  });
  beforeEach(() => {
    now += 60 * minute;
  });

  /** What comes of an attempt: a session, a refusal, or the code of an error and when to come back. */
  const attempt = async (
    password: string,
    {
      address = here,
      email = john,
      process = 0,
    }: { address?: string; email?: string; process?: 0 | 1 } = {},
  ): Promise<string> => {
    try {
      const outcome = await processes[process].accounts.login(email, password, address);
      return outcome.kind === 'refused' ? 'WRONG' : 'SESSION';
    } catch (error) {
      const { code, retryAfterSeconds } = error as AppError;
      return `${code} ${retryAfterSeconds}`;
    }
  };
  const fail = async (times: number, options?: Parameters<typeof attempt>[1]): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      expect(await attempt('wrong password', options)).toBe('WRONG');
    }
  };

  it('are refused from the sixth on, the right one too, until 15 minutes after the first', async () => {
    await fail(4);
    now += 5 * minute;
    await fail(1);
    expect(await attempt('wrong password')).toBe('RATE_LIMITED 600');
    expect(await attempt('pass456')).toBe('RATE_LIMITED 600');
    now += 10 * minute - 1;
    expect(await attempt('pass456')).toBe('RATE_LIMITED 1');
    now += 1;
    expect(await attempt('pass456')).toBe('SESSION');
  });

  it('do not lock out the owner, who is elsewhere, nor other accounts', async () => {
    await fail(5);
    expect(await attempt('pass456', { address: elsewhere })).toBe('SESSION');
    expect(await attempt('pass789', { email: 'jane@example.com' })).toBe('SESSION');
    expect(await attempt('pass456')).toMatch(/^RATE_LIMITED/);
  });

  it('are counted from zero after the right one', async () => {
    await fail(4);
    expect(await attempt('pass456')).toBe('SESSION');
    await fail(5);
  });

  it('are counted for an address without an account as for any other', async () => {
    const email = 'nobody@example.com';
    await fail(5, { email });
    expect(await attempt('wrong password', { email })).toBe('RATE_LIMITED 900');
  });

  it('are counted under the one spelling of the account', async () => {
    await fail(3);
    await fail(2, { email: ' John@EXAMPLE.com ' });
    expect(await attempt('wrong password')).toMatch(/^RATE_LIMITED/);
  });

  it('are counted together by all processes', async () => {
    await fail(3);
    await fail(2, { process: 1 });
    expect(await attempt('wrong password')).toMatch(/^RATE_LIMITED/);
    expect(await attempt('wrong password', { process: 1 })).toMatch(/^RATE_LIMITED/);
  });

  it('get five tries when twenty come at a time', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        attempt('wrong password', { process: index % 2 === 0 ? 0 : 1 }),
      ),
    );
    const wrong = outcomes.filter((outcome) => outcome === 'WRONG');
    const others = outcomes.filter((outcome) => outcome !== 'WRONG');
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.length).toBeLessThanOrEqual(5);
    // On a busy machine some have no turn within two seconds.
    for (const outcome of others) expect(outcome).toMatch(/^(RATE_LIMITED 900|OVERLOADED .*)$/);
    await Promise.all(Array.from({ length: 5 }, () => attempt('wrong password')));
    expect(await attempt('pass456')).toBe('RATE_LIMITED 900');
  });

  it('do not come of a crowd with the right one', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => attempt('pass456')));
    expect(outcomes).toContain('SESSION');
    for (const outcome of outcomes) expect(outcome).toMatch(/^(SESSION|OVERLOADED .*)$/);
  });

  it('are counted for a change of the password too', async () => {
    const change = { current: 'wrong password', next: 'a long password', address: here };
    const { accounts } = processes[0];
    for (let time = 0; time < 5; time += 1) {
      expect(await accounts.changePassword('1', change)).toMatchObject({ kind: 'refused' });
    }
    await expect(accounts.changePassword('1', change)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    expect(await attempt('pass456')).toMatch(/^RATE_LIMITED/);
  });

  it('leave no rows for long, and none that tells who tried', async () => {
    const count = async (): Promise<number> => {
      const rows = await database().selectFrom('password_attempts').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain('example.com');
      return rows.length;
    };
    for (let index = 0; index < 6; index += 1) {
      await fail(1, { email: `person-${index}@example.com` });
    }
    expect(await count()).toBeGreaterThanOrEqual(6);
    now += 15 * minute;
    await fail(1, { email: 'the-last@example.com' });
    expect(await count()).toBe(1);
  });
});
