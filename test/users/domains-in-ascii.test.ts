import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainToASCII, pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import type { UsersTables } from '../../subgraphs/users/data/tables.ts';
import { readEmail } from '../../subgraphs/users/domain/email.ts';
import { describeOnEachDatabase } from '../support/database.ts';

const migrations = new URL('../../subgraphs/users/data/migrations/', import.meta.url);

/** Accounts from before domains had one form are found by the form that they have now. */
describeOnEachDatabase('users/domains in ASCII', (open) => {
  it('gives the accounts there are the form by which they are looked up', async () => {
    const domains = [
      'example.com',
      'münchen.example',
      'bücher.straße.example',
      'παράδειγμα.δοκιμή',
      '例え.テスト',
      '他们为什么不说中文.example',
      'ليهمابتكلموشعربي.example',
      '𐐨𐐩ab.example',
    ];
    const rows = await emailsAfterMigration(domains.map((domain) => `jörg@${domain}`));
    expect(rows).toEqual(domains.map((domain) => `jörg@${domainToASCII(domain)}`));
    for (const row of rows) expect(readEmail(row)).toBe(row);
  });

  it('leaves an account alone whose address another has in that form', async () => {
    const emails = ['a@münchen.example', 'a@xn--mnchen-3ya.example'];
    expect(await emailsAfterMigration(emails)).toEqual(emails);
  });

  /** The addresses of accounts that were there before the migration, in the order of their ids. */
  async function emailsAfterMigration(emails: readonly string[]): Promise<readonly string[]> {
    const before = await mkdtemp(join(tmpdir(), 'migrations-'));
    const home = await open();
    try {
      for (const name of (await readdir(migrations)).filter((file) => file < '0003')) {
        await copyFile(new URL(name, migrations), join(before, name));
      }
      const database = home.connect<UsersTables>('users');
      await migrate(database, 'users', pathToFileURL(`${before}/`));
      const createdAt = new Date(0);
      await database
        .insertInto('users')
        .values(
          emails.map((email) => ({
            email,
            name: 'Jörg',
            role: 'customer' as const,
            password_hash: 'none',
            created_at: createdAt,
          })),
        )
        .execute();
      await migrate(database, 'users', migrations);
      const rows = await database.selectFrom('users').select('email').orderBy('id').execute();
      return rows.map(({ email }) => email);
    } finally {
      await home.close();
      await rm(before, { recursive: true });
    }
  }
});
