import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Kysely } from 'kysely';
import { anonymous, isRole, type Viewer } from '../../common/viewer.ts';
import type { UsersTables } from '../../subgraphs/users/data/tables.ts';
import type { ViewerName } from '../support/access-table/row.ts';
import type { OpenTestHome } from '../support/database.ts';
import { type Ask, startTestSubgraph, user } from '../support/subgraph.ts';
import { lightUsers } from './light-users.ts';

/** The viewers of the tests: john is the owner, jane another customer. */
export const viewers: Readonly<Record<ViewerName, Viewer>> = {
  nobody: anonymous,
  customer: user('2'),
  owner: user('1'),
  admin: user('3', 'admin'),
};

/** What a client holds of a session. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The running subgraph with its demonstration data, for the tests of one `describe`. */
export interface UsersUnderTest {
  readonly ask: Ask;
  /** Opens an account of a test's own, with `password` as its password, and logs it in. */
  signUp(name?: string): Promise<Tokens & { readonly email: string }>;
  /** A new session, or null when the credentials are wrong. */
  login(email: string, password: string): Promise<Tokens | null>;
  /** The next tokens of a session, or null when its refresh token does not work. */
  refresh(tokens: Pick<Tokens, 'refreshToken'> | null): Promise<Tokens | null>;
  /** The SQL statements since the last call. */
  takeStatements(): readonly string[];
  /** Where it listens. */
  url(): string;
  database(): Kysely<UsersTables>;
}

/** The password of every account that `signUp` opens. */
export const password = 'a long password';

let accounts = 0;

/** Starts the subgraph before the tests of a `describe` and stops it after them. */
export function useUsers(open: OpenTestHome, definition = lightUsers): UsersUnderTest {
  let statements: string[] = [];
  let dataDir: string;
  let home: Awaited<ReturnType<OpenTestHome>>;
  let server: Awaited<ReturnType<typeof startTestSubgraph>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'users-'));
    home = await open(({ sql }) => statements.push(sql));
    server = await startTestSubgraph(definition, home, { dataDir });
  });

  afterAll(async () => {
    await server.stop();
    await home.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const run = async (operation: string, input: object) => {
    const { data, errors } = await server.ask(anonymous, operation, { input });
    if (errors) throw new Error(`The operation failed: ${JSON.stringify(errors)}`);
    return data;
  };

  return {
    ask: (...args) => server.ask(...args),
    async signUp(name = 'A Name') {
      accounts += 1;
      const email = `person-${accounts}@example.com`;
      const { signUp } = await run(signUpOperation, { email, password, name });
      return { ...signUp.session, email };
    },
    async login(email, secret) {
      return (await run(loginOperation, { email, password: secret })).login.session;
    },
    async refresh(tokens) {
      if (!tokens) throw new Error('There is no session to refresh.');
      const { refreshToken } = tokens;
      return (await run(refreshOperation, { refreshToken })).refreshToken.session;
    },
    takeStatements() {
      const taken = statements;
      statements = [];
      return taken;
    },
    url: () => server.url,
    database: () => home.connect<UsersTables>('users'),
  };
}

/** The viewer that the gateway makes of an access token. */
export function viewerOf({ accessToken }: Tokens): Extract<Viewer, { kind: 'user' }> {
  const {
    sub = '',
    role,
    scope,
    sid,
  } = decodeJwt<{ role: string; scope: string; sid: string }>(accessToken);
  if (!isRole(role)) throw new Error(`The token has no role: ${accessToken}`);
  return { kind: 'user', id: sub, role, scopes: scope.split(' '), sessionId: sid };
}

const session = 'session { accessToken refreshToken }';
const signUpOperation = `mutation ($input: SignUpInput!) { signUp(input: $input) { ${session} } }`;
const loginOperation = `mutation ($input: LoginInput!) { login(input: $input) { ${session} } }`;
const refreshOperation = `mutation ($input: RefreshTokenInput!) {
  refreshToken(input: $input) { ${session} }
}`;
