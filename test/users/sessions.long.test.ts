import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../common/logger.ts';
import { anonymous } from '../../common/viewer.ts';
import { createSessionRepository } from '../../subgraphs/users/data/session-repository.ts';
import { createRefreshToken } from '../../subgraphs/users/domain/refresh-token.ts';
import type { Session } from '../../subgraphs/users/domain/session.ts';
import {
  createServices,
  type UsersServices,
} from '../../subgraphs/users/services/create-services.ts';
import { generatePrivateKeyPem } from '../../subgraphs/users/services/private-key-pem.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { user } from '../support/subgraph.ts';
import { password, type Tokens, useUsers, viewerOf } from './users-subgraph.ts';

const refreshOperation = `mutation ($input: RefreshTokenInput!) {
  refreshToken(input: $input) {
    session { accessToken refreshToken tokenType expiresIn user { id } }
    userErrors { code path }
  }
}`;
const logoutOperation = 'mutation { logout { user { id } userErrors { code } } }';
const changePasswordOperation = `mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    user { id }
    session { accessToken refreshToken }
    userErrors { code path }
  }
}`;

describeOnEachDatabase('users/sessions', (open) => {
  const { ask, signUp, login, refresh, database } = useUsers(open);

  describe('refresh', () => {
    it('trades a token for the next tokens of the same session', async () => {
      const first = await signUp();
      const { data } = await ask(anonymous, refreshOperation, {
        input: { refreshToken: first.refreshToken },
      });
      const { session, userErrors } = data.refreshToken;
      expect(userErrors).toEqual([]);
      expect(session).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
      expect(session.refreshToken).not.toBe(first.refreshToken);
      expect(viewerOf(session)).toEqual(viewerOf(first));
      expect(await refresh(session)).not.toBeNull();
    });

    it('stores no token', async () => {
      const { refreshToken } = await signUp();
      const rows = await database().selectFrom('refresh_tokens').select('token_hash').execute();
      const stored = rows.map(({ token_hash: hash }) => Buffer.from(hash).toString('base64url'));
      expect(stored.length).toBeGreaterThan(0);
      expect(stored).not.toContain(refreshToken);
    });

    it('threat 49: ends the session when a token is used a second time, and no other session', async () => {
      const first = await signUp();
      const elsewhere = await login(first.email, password);
      const next = await refresh(first);
      expect(await refresh(first)).toBeNull();
      expect(await refresh(next)).toBeNull();
      expect(await refresh(elsewhere)).not.toBeNull();
    });

    it('threat 49: lets one of twenty who use a token at a time win, and then ends the session', async () => {
      const tokens = await signUp();
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens)));
      const won = answers.filter((answer): answer is Tokens => answer !== null);
      expect(won).toHaveLength(1);
      expect(await refresh(won[0] ?? null)).toBeNull();
    });

    it('carries on sessions that are refreshed at the same time without mixing them up', async () => {
      const sessions = await Promise.all(Array.from({ length: 5 }, () => signUp()));
      const next = await Promise.all(sessions.map((tokens) => refresh(tokens)));
      expect(next.map((tokens) => tokens && viewerOf(tokens))).toEqual(sessions.map(viewerOf));
    });

    it.each([
      ['text that is no token', 'no token'],
      ['a token that was never given', 'A'.repeat(43)],
      ['a text with a NUL', `${'A'.repeat(42)}\0`],
    ])('answers %s with INVALID_REFRESH_TOKEN', async (_, refreshToken) => {
      const { data } = await ask(anonymous, refreshOperation, { input: { refreshToken } });
      expect(data.refreshToken).toEqual({
        session: null,
        userErrors: [{ code: 'INVALID_REFRESH_TOKEN', path: ['input', 'refreshToken'] }],
      });
    });

    it('threat 48: does not take an access token', async () => {
      const { accessToken } = await signUp();
      expect(await refresh({ refreshToken: accessToken })).toBeNull();
    });
  });

  describe('logout', () => {
    it('threat 50: ends the session it comes from at once, and no other', async () => {
      const here = await signUp();
      const elsewhere = await login(here.email, password);
      const { data } = await ask(viewerOf(here), logoutOperation);
      expect(data.logout).toEqual({ user: { id: viewerOf(here).id }, userErrors: [] });
      expect(await refresh(here)).toBeNull();
      expect(await refresh(elsewhere)).not.toBeNull();
    });

    it('has nothing to end the second time', async () => {
      const tokens = await signUp();
      await ask(viewerOf(tokens), logoutOperation);
      const { data } = await ask(viewerOf(tokens), logoutOperation);
      expect(data.logout).toEqual({ user: null, userErrors: [] });
    });

    it('cannot end the session of somebody else', async () => {
      const victim = await signUp();
      const { sessionId } = viewerOf(victim);
      const attacker = { ...viewerOf(await signUp()), sessionId };
      expect((await ask(attacker, logoutOperation)).data.logout.user).toBeNull();
      expect(await refresh(victim)).not.toBeNull();
    });

    it('takes a session that cannot be one for none', async () => {
      const { data, errors } = await ask(user('1'), logoutOperation);
      expect(errors).toBeUndefined();
      expect(data.logout.user).toBeNull();
    });
  });

  describe('change-password', () => {
    const newPassword = 'another long password';
    const change = (tokens: Tokens, currentPassword: string, next = newPassword) =>
      ask(viewerOf(tokens), changePasswordOperation, {
        input: { currentPassword, newPassword: next },
      });

    it('threat 50: ends all sessions and starts a new one', async () => {
      const here = await signUp();
      const elsewhere = await login(here.email, password);
      const { data } = await change(here, password);
      const { user: account, session, userErrors } = data.changePassword;
      expect(userErrors).toEqual([]);
      expect(account.id).toBe(viewerOf(here).id);
      expect(viewerOf(session).sessionId).not.toBe(viewerOf(here).sessionId);
      expect(await refresh(here)).toBeNull();
      expect(await refresh(elsewhere)).toBeNull();
      expect(await refresh(session)).not.toBeNull();
    });

    it('makes the new password the only one that works', async () => {
      const tokens = await signUp();
      await change(tokens, password);
      expect(await login(tokens.email, password)).toBeNull();
      expect(await login(tokens.email, newPassword)).not.toBeNull();
    });

    it('changes nothing when the current password is wrong', async () => {
      const tokens = await signUp();
      const { data } = await change(tokens, 'a wrong password');
      expect(data.changePassword).toEqual({
        user: null,
        session: null,
        userErrors: [{ code: 'INVALID_CREDENTIALS', path: ['input', 'currentPassword'] }],
      });
      expect(await refresh(tokens)).not.toBeNull();
    });

    it.each([
      ['too short', '1234567'],
      ['too long', 'a'.repeat(129)],
    ])('does not take a new password that is %s', async (_, next) => {
      const { data } = await change(await signUp(), password, next);
      expect(data.changePassword).toEqual({
        user: null,
        session: null,
        userErrors: [{ code: 'PASSWORD_INVALID', path: ['input', 'newPassword'] }],
      });
    });

    it('lets one of several changes at a time win, and leaves its session as the only one', async () => {
      const tokens = await signUp();
      const answers = await Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          change(tokens, password, `${newPassword} ${index}`),
        ),
      );
      const sessions = answers.flatMap(({ data }) => data.changePassword.session ?? []);
      expect(sessions).toHaveLength(1);
      expect(await refresh(tokens)).toBeNull();
      expect(await refresh(sessions[0])).not.toBeNull();
    });
  });

  describe('a password changed while somebody logs in with the old one', () => {
    it('leaves no session of the old one alive, in any order', async () => {
      const { email, ...tokens } = await signUp();
      const changed = ask(viewerOf(tokens), changePasswordOperation, {
        input: { currentPassword: password, newPassword: 'another long password' },
      });
      const logins = await Promise.all(Array.from({ length: 4 }, () => login(email, password)));
      expect((await changed).data.changePassword.userErrors).toEqual([]);
      const opened = logins.filter((session): session is Tokens => session !== null);
      const refreshed = await Promise.all(opened.map((tokens) => refresh(tokens)));
      expect(refreshed).toEqual(opened.map(() => null));
    });
  });

  describe('a login that has proven a password', () => {
    it('waits for a change of the password that is under way, and then opens no session', async () => {
      const { id: userId } = viewerOf(await signUp());
      const { password_hash: provenHash } = await database()
        .selectFrom('users')
        .select('password_hash')
        .where('id', '=', userId)
        .executeTakeFirstOrThrow();
      const token = createRefreshToken(randomBytes(32), new Date());
      const { opened } = await database()
        .transaction()
        .execute(async (transaction) => {
          await transaction
            .updateTable('users')
            .set({ password_hash: 'changed' })
            .where('id', '=', userId)
            .execute();
          const session = { id: randomUUID(), userId, token };
          const opened = createSessionRepository(database()).open(session, provenHash);
          // Time in which a login that does not wait would open its session.
          await Promise.race([opened, setTimeout(100)]);
          return { opened };
        });
      expect(await opened).toBe(false);
    });
  });

  describe('the life of a session', () => {
    const day = 24 * 60 * 60 * 1000;
    // In the past, so that what expires here is nothing that another test has.
    const start = Date.parse('2020-01-01T00:00:00.000Z');
    let now = start;
    let services: UsersServices;

    beforeAll(async () => {
      services = await createServices({
        database: database(),
        environment: { ACCESS_TOKEN_PRIVATE_KEYS: generatePrivateKeyPem() },
        mode: 'development',
        dataDir: 'not needed with a key',
        clock: { now: () => now },
        log: createLogger('users', 'silent'),
      });
    });

    const openSession = async (): Promise<Session> => {
      const outcome = await services.accounts.login('john@example.com', 'pass456');
      if (outcome.kind === 'refused') throw new Error('The demonstration account cannot log in.');
      return outcome.value;
    };

    const countExpired = async () => {
      const ended = new Date(now);
      const count = (table: 'sessions' | 'refresh_tokens') =>
        database()
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<string>().as('count'))
          .where('expires_at', '<=', ended)
          .executeTakeFirstOrThrow();
      const [sessions, tokens] = [await count('sessions'), await count('refresh_tokens')];
      return { sessions: Number(sessions.count), tokens: Number(tokens.count) };
    };

    it('goes on for 30 days after each refresh', async () => {
      now = start;
      let { refreshToken } = await openSession();
      for (let refreshes = 0; refreshes < 3; refreshes += 1) {
        now += 30 * day - 1;
        const outcome = await services.sessions.refresh(refreshToken);
        if (outcome.kind === 'refused') throw new Error('The session ended too early.');
        refreshToken = outcome.value.refreshToken;
      }
      now += 30 * day;
      expect((await services.sessions.refresh(refreshToken)).kind).toBe('refused');
    });

    it('leaves no rows for long: each login clears some away', async () => {
      now = start;
      for (let opened = 0; opened < 15; opened += 1) await openSession();
      now += 31 * day;
      const before = await countExpired();
      await openSession();
      const after = await countExpired();
      expect(before.sessions - after.sessions).toBeGreaterThan(1);
      expect(before.tokens - after.tokens).toBe(10);
      for (let logins = 0; logins < 5; logins += 1) await openSession();
      expect(await countExpired()).toEqual({ sessions: 0, tokens: 0 });
    });
  });
});
