import { describe, expect, it } from '@jest/globals';
import { anonymous } from '../../common/viewer.ts';
import { users } from '../../subgraphs/users/subgraph.ts';
import { viewers } from '../support/access-table/row.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { user } from '../support/subgraph.ts';
import { password, useUsers, viewerOf } from './users-subgraph.ts';

const signUpOperation = `mutation ($input: SignUpInput!) {
  signUp(input: $input) {
    user { id name }
    session { accessToken tokenType expiresIn user { id } }
    userErrors { code path }
  }
}`;
const loginOperation = `mutation ($input: LoginInput!) {
  login(input: $input) {
    session { accessToken tokenType expiresIn user { id } }
    userErrors { code message path }
  }
}`;
const updateProfileOperation = `mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { user { name username email } userErrors { code path } }
}`;

describeOnEachDatabase('users/accounts', (open) => {
  const { ask, signUp, database, takeStatements } = useUsers(open, users);

  describe('sign-up', () => {
    it('opens a customer account in its one spelling and logs it in', async () => {
      const input = { email: ' Ann@Example.COM ', password, name: ' Ann Lee ' };
      const { data } = await ask(anonymous, signUpOperation, { input });
      const { user: account, session, userErrors } = data.signUp;
      expect(userErrors).toEqual([]);
      expect(account).toEqual({ id: session.user.id, name: 'Ann Lee' });
      expect(session).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
      expect(viewerOf(session)).toMatchObject({ id: account.id, role: 'customer' });
      const own = await ask(viewerOf(session), '{ me { email role } }');
      expect(own.data.me).toEqual({ email: 'ann@example.com', role: 'CUSTOMER' });
    });

    it('stores the password as argon2id only', async () => {
      const input = { email: 'stored@example.com', password, name: 'Stored' };
      await ask(anonymous, signUpOperation, { input });
      const row = await database()
        .selectFrom('users')
        .selectAll()
        .where('email', '=', 'stored@example.com')
        .executeTakeFirstOrThrow();
      expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(JSON.stringify(row)).not.toContain(password);
    });

    it('refuses an address that has an account, however it is written', async () => {
      const input = { email: 'JOHN@example.com', password, name: 'Another John' };
      const { data } = await ask(anonymous, signUpOperation, { input });
      expect(data.signUp).toEqual({
        user: null,
        session: null,
        userErrors: [{ code: 'EMAIL_TAKEN', path: ['input', 'email'] }],
      });
    });

    it('gives an address to one of many who want it at a time', async () => {
      const input = { email: 'wanted@example.com', password, name: 'Wanted' };
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => ask(anonymous, signUpOperation, { input })),
      );
      const outcomes = answers.map(({ data }) => data.signUp.userErrors.at(0)?.code ?? 'OPENED');
      expect(outcomes.toSorted()).toEqual([...Array<string>(4).fill('EMAIL_TAKEN'), 'OPENED']);
    });

    it('tells all that is wrong with the input at once', async () => {
      const input = { email: 'nowhere', password: '1234567', name: ' ' };
      const { data } = await ask(anonymous, signUpOperation, { input });
      expect(data.signUp).toEqual({
        user: null,
        session: null,
        userErrors: [
          { code: 'EMAIL_INVALID', path: ['input', 'email'] },
          { code: 'PASSWORD_INVALID', path: ['input', 'password'] },
          { code: 'NAME_INVALID', path: ['input', 'name'] },
        ],
      });
    });

    it('threat 41: does not take a role from the input', async () => {
      const input = { email: 'evil@example.com', password, name: 'Evil', role: 'ADMIN' };
      const { status, errors } = await ask(anonymous, signUpOperation, { input });
      expect(status).toBe(400);
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    });
  });

  describe('login', () => {
    const login = (email: string, secret: string) =>
      ask(anonymous, loginOperation, { input: { email, password: secret } });

    it.each([
      ['john@example.com', 'pass456', '1'],
      ['jane@example.com', 'pass789', '2'],
      ['admin@example.com', 'pass123', '3'],
      [' John@EXAMPLE.com ', 'pass456', '1'],
    ])('lets %j in with %j', async (email, secret, id) => {
      const { data } = await login(email, secret);
      expect(data.login.userErrors).toEqual([]);
      expect(data.login.session).toMatchObject({
        tokenType: 'Bearer',
        expiresIn: 900,
        user: { id },
      });
    });

    it('gives an admin the scopes of an admin', async () => {
      const { data } = await login('admin@example.com', 'pass123');
      expect(viewerOf(data.login.session)).toMatchObject({
        role: 'admin',
        scopes: expect.arrayContaining([
          'products:write',
          'users:read',
          'orders:read:all',
          'orders:write:all',
        ]),
      });
    });

    it('threat 52: answers alike to a wrong password and to an address that has no account', async () => {
      const wrong = await login('john@example.com', 'pass457');
      const unknown = await login('nobody@example.com', 'pass456');
      const malformed = await login('nobody', 'pass456');
      const tooLong = await login('john@example.com', 'p'.repeat(129));
      expect(wrong).toEqual({
        status: 200,
        data: {
          login: {
            session: null,
            userErrors: [
              {
                code: 'INVALID_CREDENTIALS',
                message: 'The e-mail address or the password is wrong.',
                path: null,
              },
            ],
          },
        },
        errors: undefined,
      });
      expect([unknown, malformed, tooLong]).toEqual([wrong, wrong, wrong]);
    });

    it('threat 53: answers a crowd: logins that cannot be served in time get Retry-After', async () => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          login(`nobody-${index}@example.com`, 'some password'),
        ),
      );
      const outcomes = answers.map(
        ({ data, errors }) =>
          errors?.[0]?.extensions?.code ?? data.login.userErrors.at(0)?.code ?? 'SESSION',
      );
      for (const outcome of outcomes) {
        expect(['INVALID_CREDENTIALS', 'OVERLOADED']).toContain(outcome);
      }
    });
  });

  describe('profile', () => {
    it('is null for an anonymous viewer', async () => {
      const { data, errors } = await ask(anonymous, '{ me { id } }');
      expect({ data, errors }).toEqual({ data: { me: null }, errors: undefined });
    });

    it('is the viewer’s own, with all that is theirs', async () => {
      const { data } = await ask(viewers.owner, '{ me { id name username email role createdAt } }');
      expect(data.me).toEqual({
        id: '1',
        name: 'John Doe',
        username: 'John Doe',
        email: 'john@example.com',
        role: 'CUSTOMER',
        createdAt: '2026-01-05T09:00:00.000Z',
      });
    });

    it('is found by its id by its owner and by admins', async () => {
      const operation = '{ user(id: "2") { email } }';
      const found = { user: { email: 'jane@example.com' } };
      expect((await ask(viewers.customer, operation)).data).toEqual(found);
      expect((await ask(viewers.admin, operation)).data).toEqual(found);
    });

    it('changes its name, and shows the new one in the rest of the operation', async () => {
      const viewer = viewerOf(await signUp('Old Name'));
      const { data } = await ask(
        viewer,
        `mutation {
        before: updateProfile(input: {}) { user { name } }
        change: updateProfile(input: { name: " New Name " }) {
          user { name username email } userErrors { code }
        }
        logout { user { name } }
      }`,
      );
      expect(data.before.user.name).toBe('Old Name');
      expect(data.change.user).toMatchObject({ name: 'New Name', username: 'New Name' });
      expect(data.change.userErrors).toEqual([]);
      expect(data.logout.user.name).toBe('New Name');
      expect((await ask(viewer, '{ me { name } }')).data.me.name).toBe('New Name');
    });

    it('keeps its name when the new one is not a name', async () => {
      const { data } = await ask(viewers.owner, updateProfileOperation, {
        input: { name: 'a\0b' },
      });
      expect(data.updateProfile).toEqual({
        user: null,
        userErrors: [{ code: 'NAME_INVALID', path: ['input', 'name'] }],
      });
      expect((await ask(viewers.owner, '{ me { name } }')).data.me.name).toBe('John Doe');
    });

    it('is null for a viewer whose account is gone', async () => {
      const gone = user('999999');
      const { data } = await ask(gone, updateProfileOperation, { input: { name: 'A Name' } });
      expect(data.updateProfile).toEqual({ user: null, userErrors: [] });
      expect((await ask(gone, '{ me { id } }')).data).toEqual({ me: null });
    });
  });

  describe('list of accounts', () => {
    const operation = `query ($first: Int! = 20, $after: String) {
    users(first: $first, after: $after) {
      edges { cursor node { id } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
    const page = (variables: object) => ask(viewers.admin, operation, variables);

    it('has every account once, newest first, page by page, each by one statement', async () => {
      const opened: string[] = [];
      for (const name of ['First', 'Second', 'Third'])
        opened.unshift(viewerOf(await signUp(name)).id);
      const everybody = await database().selectFrom('users').select('id').execute();
      const seen: string[] = [];
      let pages = 0;
      let after: string | null = null;
      let hasNextPage = true;
      takeStatements();
      while (hasNextPage) {
        const { data } = await page({ first: 2, after });
        seen.push(...data.users.nodes.map(({ id }: { id: string }) => id));
        expect(data.users.pageInfo.hasPreviousPage).toBe(pages > 0);
        pages += 1;
        after = data.users.pageInfo.endCursor;
        hasNextPage = data.users.pageInfo.hasNextPage;
      }
      expect(takeStatements()).toHaveLength(pages);
      expect(seen.slice(0, 3)).toEqual(opened);
      expect(seen.slice(-3)).toEqual(['2', '1', '3']);
      expect(seen.toSorted()).toEqual(everybody.map(({ id }) => id).toSorted());
    });

    it('is empty after the last account', async () => {
      const all = await page({ first: 100 });
      const { data } = await page({ after: all.data.users.pageInfo.endCursor });
      expect(data.users).toEqual({
        edges: [],
        nodes: [],
        pageInfo: {
          hasNextPage: false,
          hasPreviousPage: false,
          startCursor: null,
          endCursor: null,
        },
      });
    });

    const cursor = (...parts: readonly unknown[]) =>
      Buffer.from(JSON.stringify(parts)).toString('base64url');

    it.each([
      { first: 0 },
      { first: 101 },
      { first: -1 },
      { after: 'not a cursor' },
      { after: cursor('oldest', '2026-01-01T00:00:00.000Z', '1') },
      { after: cursor('newest', 'some day', '1') },
      { after: cursor('newest', '+275760-09-13T00:00:00.000Z', '1') },
      { after: cursor('newest', '-271821-04-20T00:00:00.000Z', '1') },
      { after: cursor('newest', '2026-01-01T00:00:00.000Z', '1; drop table users') },
    ])('refuses the page %j', async (variables) => {
      const { data, errors } = await page(variables);
      expect(data).toEqual({ users: null });
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    });
  });
});
