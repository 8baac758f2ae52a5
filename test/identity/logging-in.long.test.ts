import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner } from '../../common/identity-token.ts';
import { anonymous } from '../../common/viewer.ts';
import { eventually } from '../support/eventually.ts';
import { patienceMs } from '../support/patience.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const password = 'a long password';
const loginOperation = `mutation ($input: LoginInput!) {
  login(input: $input) { session { accessToken } userErrors { code } }
}`;

/** Logging in and staying logged in, through the gateway like a client. */
describe('identity/logging in', () => {
  let storefront: TestStorefront;
  let people = 0;

  beforeAll(async () => {
    // The limits of hashing should decide, not the speed of a busy machine.
    storefront = await startTestStorefront({
      settings: { subgraphs: { timeoutMs: 10_000 }, server: { requestTimeoutMs: 12_000 } },
    });
  });
  afterAll(() => storefront.stop());

  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(storefront.gatewayUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  const login = (username: string, secret: string, headers = {}) =>
    post('/login', { username, password: secret }, headers);
  const refresh = ({ refresh_token }: Pick<Tokens, 'refresh_token'>) =>
    post('/refresh', { refresh_token });
  const tokensOf = async (response: Response): Promise<Tokens> => {
    expect(response.status).toBe(200);
    return (await response.json()) as Tokens;
  };
  /** Creates an account for one test. */
  const person = async (): Promise<string> => {
    people += 1;
    const email = `somebody-${people}@example.com`;
    const { data } = await storefront.ask(
      undefined,
      'mutation ($input: SignUpInput!) { signUp(input: $input) { userErrors { code } } }',
      { input: { email, password, name: 'Somebody' } },
    );
    expect(data.signUp.userErrors).toEqual([]);
    return email;
  };

  it('answers the payload of a login as the account that has logged in, including its orders from another service', async () => {
    const own = 'user { email role createdAt orders(first: 1) { nodes { id user { email } } } }';
    const query = `mutation ($input: LoginInput!) { login(input: $input) { session { ${own} } } }`;
    const variables = {
      input: { email: accounts.john.username, password: accounts.john.password },
    };
    // The second time the operation is cached.
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await storefront.ask(undefined, query, variables);
      expect(errors).toBeUndefined();
      const { user } = data.login.session as { user: { orders: { nodes: readonly unknown[] } } };
      expect(user).toMatchObject({ email: accounts.john.username, role: 'CUSTOMER' });
      expect(user.orders.nodes).toEqual([
        { id: expect.any(String) as unknown, user: { email: accounts.john.username } },
      ]);
    }
  });

  it('answers the payload of a sign-up and of a refresh as the account', async () => {
    const email = 'own-payload@example.com';
    const own = 'session { refreshToken user { email createdAt orders { nodes { id } } } }';
    const signedUp = await storefront.ask(
      undefined,
      `mutation ($input: SignUpInput!) { signUp(input: $input) { user { email role } ${own} } }`,
      { input: { email, password, name: 'Somebody' } },
    );
    const account = { email, createdAt: expect.any(String) as unknown, orders: { nodes: [] } };
    expect(signedUp.errors).toBeUndefined();
    expect(signedUp.data.signUp).toMatchObject({
      user: { email, role: 'CUSTOMER' },
      session: { user: account },
    });
    let { refreshToken } = (signedUp.data.signUp as { session: { refreshToken: string } }).session;
    // The second time the operation is cached.
    for (let time = 0; time < 2; time += 1) {
      const refreshed = await storefront.ask(
        undefined,
        `mutation ($input: RefreshTokenInput!) { refreshToken(input: $input) { ${own} } }`,
        { input: { refreshToken } },
      );
      expect(refreshed.errors).toBeUndefined();
      const { session } = refreshed.data.refreshToken as { session: { refreshToken: string } };
      expect(session).toMatchObject({ user: account });
      refreshToken = session.refreshToken;
    }
  });

  it('grants nothing without a login: a wrong password, scopes, other mutations', async () => {
    const own = 'session { user { email createdAt orders { nodes { id } } } }';
    const wrong = await storefront.ask(
      undefined,
      `mutation ($input: LoginInput!) { login(input: $input) { ${own} userErrors { code } } }`,
      { input: { email: accounts.jane.username, password: 'not the password' } },
    );
    expect(wrong.data.login).toEqual({
      session: null,
      userErrors: [{ code: 'INVALID_CREDENTIALS' }],
    });
    const other = await storefront.ask(
      undefined,
      'mutation { updateProfile(input: { name: "x" }) { user { createdAt } } }',
    );
    expect(other.errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });

  it('threat 48: a refresh token and an identity token are not access tokens', async () => {
    const { refresh_token: refreshToken } = await tokensOf(await login(await person(), password));
    const identity = createIdentitySigner('users', developmentIdentityKey('users'))(anonymous);
    for (const token of [refreshToken, identity.token]) {
      const answer = await post(
        '/graphql',
        { query: '{ products { id } }' },
        { authorization: `Bearer ${token}` },
      );
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  it('threat 49: of twenty concurrent exchanges of a refresh token one succeeds, and then the session ends', async () => {
    const tokens = await tokensOf(await login(await person(), password));
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const { status } of answers) expect([200, 401]).toContain(status);
    for (const answer of won) {
      expect((await refresh((await answer.json()) as Tokens)).status).toBe(401);
    }
  });

  it('threat 50: a logout invalidates the refresh token immediately', async () => {
    const tokens = await tokensOf(await login(await person(), password));
    const out = await storefront.ask(tokens.access_token, 'mutation { logout { user { id } } }');
    expect(out.data.logout.user).not.toBeNull();
    expect((await refresh(tokens)).status).toBe(401);
  });

  it('threat 50: a change of the password invalidates all refresh tokens immediately', async () => {
    const email = await person();
    const here = await tokensOf(await login(email, password));
    const elsewhere = await tokensOf(await login(email, password));
    const { data } = await storefront.ask(
      here.access_token,
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code } } }',
      { input: { currentPassword: password, newPassword: 'another long password' } },
    );
    expect(data.changePassword.userErrors).toEqual([]);
    for (const tokens of [here, elsewhere]) expect((await refresh(tokens)).status).toBe(401);
  });

  it('threat 51: the sixth wrong password is answered with 429 and Retry-After, at both endpoints', async () => {
    const email = await person();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      // No header makes it look like another address.
      const from = `10.0.0.${attempt}`;
      const answer = await login(email, 'wrong password', {
        'x-forwarded-for': from,
        'x-client-address': from,
        forwarded: `for=${from}`,
      });
      expect(answer.status).toBe(401);
    }
    const sixth = await login(email, 'wrong password');
    expect(sixth.status).toBe(429);
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(Number(sixth.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect(await sixth.json()).toEqual({
      error: expect.stringMatching(/^Too many wrong passwords; try again in \d+ seconds\.$/),
    });
    // Twice: the second time the operation is cached.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const variables = { input: { email, password } };
      const answer = await post('/graphql', { query: loginOperation, variables });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(800);
      const { data, errors } = (await answer.json()) as {
        data: unknown;
        errors: readonly { extensions: object }[];
      };
      expect(data).toEqual({ login: null });
      expect(errors[0]?.extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      });
    }
    const { username, password: right } = accounts.jane;
    expect((await login(username, right)).status).toBe(200);
  });

  it('threat 52: an unknown address and a wrong password get the same response in the same time', async () => {
    const times = { wrong: [] as number[], unknown: [] as number[] };
    const texts = new Set<string>();
    const measure = async (kind: keyof typeof times, email: string): Promise<void> => {
      const from = performance.now();
      const answer = await login(email, 'wrong password');
      const text = await answer.text();
      times[kind].push(performance.now() - from);
      const told = [...answer.headers]
        .filter(([name]) => name !== 'x-correlation-id' && name !== 'date')
        .join();
      texts.add(`${answer.status} ${text} ${told}`);
    };
    // The minimum of each, of as many runs as necessary: the load of a busy machine is in neither.
    const ratioOfLeast = async (): Promise<number> => {
      const known = [await person(), await person(), await person()];
      for (let round = 0; round < 4; round += 1) {
        for (const email of known) {
          await measure('wrong', email);
          await measure('unknown', `nobody-${round}-${email}`);
        }
      }
      return Math.min(...times.wrong) / Math.min(...times.unknown);
    };
    // Without the work for unknown accounts it would be 3 or more, each time.
    await eventually(ratioOfLeast, (ratio) => ratio > 0.5 && ratio < 2);
    expect(texts.size).toBe(1);
  });

  it('threat 53: of 200 concurrent logins those that cannot be served in time get Retry-After', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => login(`crowd-${index}@example.com`, password)),
    );
    const refused = answers.filter(({ status }) => status !== 401);
    expect(refused.length).toBeLessThan(200);
    for (const { status, headers } of refused) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    }
    const { username, password: right } = accounts.admin;
    expect((await login(username, right)).status).toBe(200);
  });

  it('threat 53: a text longer than a password causes no work, and creates no account', async () => {
    const email = await person();
    const long = 'p'.repeat(129);
    expect((await login(email, long)).status).toBe(401);
    const { data } = await storefront.ask(
      undefined,
      'mutation ($input: SignUpInput!) { signUp(input: $input) { userErrors { code } } }',
      { input: { email: 'long@example.com', password: long, name: 'Long' } },
    );
    expect(data.signUp.userErrors).toEqual([{ code: 'PASSWORD_INVALID' }]);
  });
});
