import { decodeJwt } from 'jose';
import { anonymous, isRole, type Viewer } from '../../common/viewer.ts';
import type { UsersTables } from '../../subgraphs/users/data/tables.ts';
import type { OpenTestHome } from '../support/database.ts';
import { type SubgraphUnderTest, useSubgraph } from '../support/use-subgraph.ts';
import { lightUsers } from './light-users.ts';

/** What a client holds of a session. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The running subgraph with its demonstration data, for the tests of one `describe`. */
export interface UsersUnderTest extends SubgraphUnderTest<UsersTables> {
  /** Opens an account of a test's own, with `password` as its password, and logs it in. */
  signUp(name?: string): Promise<Tokens & { readonly email: string }>;
  /** A new session, or null when the credentials are wrong. */
  login(email: string, password: string): Promise<Tokens | null>;
  /** The next tokens of a session, or null when its refresh token does not work. */
  refresh(tokens: Pick<Tokens, 'refreshToken'> | null): Promise<Tokens | null>;
}

/** The password of every account that `signUp` opens. */
export const password = 'a long password';

let accounts = 0;

/** Starts the subgraph before the tests of a `describe` and stops it after them. */
export function useUsers(open: OpenTestHome, definition = lightUsers): UsersUnderTest {
  const subgraph = useSubgraph(definition, open);

  const run = async (operation: string, input: object) => {
    const { data, errors } = await subgraph.ask(anonymous, operation, { input });
    if (errors) throw new Error(`The operation failed: ${JSON.stringify(errors)}`);
    return data;
  };

  return {
    ...subgraph,
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
