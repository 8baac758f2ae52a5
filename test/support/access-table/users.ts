import { type AccessRow, keepsAllButAdminsOut, keepsNobodyOut } from './row.ts';

const everybody = {
  nobody: 'answer',
  customer: 'answer',
  owner: 'answer',
  admin: 'answer',
} as const;
const ownersOnly = { nobody: 'null', customer: 'null', owner: 'answer', admin: 'answer' } as const;
const members = {
  nobody: 'UNAUTHENTICATED',
  customer: 'answer',
  owner: 'answer',
  admin: 'answer',
} as const;
const adminsOnly = {
  nobody: 'UNAUTHENTICATED',
  customer: 'FORBIDDEN',
  owner: 'FORBIDDEN',
  admin: 'answer',
} as const;

/** The account of john, who is the owner of these tables. */
const id = '1';

/**
 * What the subgraph itself and the supergraph answer alike. The mutations change nothing that another row needs: they
 * are refused for their input, after the rule let them pass.
 */
export const usersAccessRows: readonly AccessRow[] = [
  {
    field: 'Query.me',
    operation: '{ me { id name username email role createdAt } }',
    variables: {},
    expected: { nobody: 'null', customer: 'answer', owner: 'answer', admin: 'answer' },
    atGateway: keepsNobodyOut,
  },
  {
    field: 'Query.user',
    operation: 'query ($id: ID!) { user(id: $id) { id } }',
    variables: { id },
    expected: ownersOnly,
  },
  {
    field: 'Query.users',
    operation: '{ users(first: 1) { nodes { id email } pageInfo { hasNextPage } } }',
    variables: {},
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  },
  ofNewSession('User.name', 'id name username'),
  ofNewSession('User.email', 'email'),
  ofNewSession('User.role', 'role'),
  ofNewSession('User.createdAt', 'createdAt'),
  {
    field: 'Mutation.signUp',
    operation: mutation('signUp', 'SignUpInput!'),
    variables: { input: { email: 'not an address', password: 'a password', name: 'A Name' } },
    expected: everybody,
  },
  {
    field: 'Mutation.login',
    operation: mutation('login', 'LoginInput!'),
    variables: { input: { email: 'nobody@example.com', password: 'a password' } },
    expected: everybody,
  },
  {
    field: 'Mutation.refreshToken',
    operation: mutation('refreshToken', 'RefreshTokenInput!'),
    variables: { input: { refreshToken: 'not a token' } },
    expected: everybody,
  },
  {
    field: 'Mutation.logout',
    operation: 'mutation { logout { userErrors { code } } }',
    variables: {},
    expected: members,
    atGateway: keepsNobodyOut,
  },
  {
    field: 'Mutation.updateProfile',
    operation: mutation('updateProfile', 'UpdateProfileInput!'),
    variables: { input: { name: '' } },
    expected: members,
    atGateway: keepsNobodyOut,
  },
  {
    field: 'Mutation.changePassword',
    operation: mutation('changePassword', 'ChangePasswordInput!'),
    variables: { input: { currentPassword: 'wrong password', newPassword: 'a new password' } },
    expected: members,
    atGateway: keepsNobodyOut,
  },
];

/** What only a gateway asks of the subgraph: entities by reference. Through the gateway these are unknown fields. */
export const usersEntityRows: readonly AccessRow[] = [
  ofEntity('id name username', everybody),
  ofEntity('email', ownersOnly),
  ofEntity('role', ownersOnly),
  ofEntity('createdAt', ownersOnly),
];

/** A login shows the account that has logged in its own data, after requests of others. */
function ofNewSession(field: string, selection: string): AccessRow {
  return {
    field: `${field}, of a new session`,
    operation: `mutation ($input: LoginInput!) { login(input: $input) { session { user { ${selection} } } } }`,
    variables: { input: { email: 'john@example.com', password: 'pass456' } },
    expected: everybody,
  };
}

function ofEntity(selection: string, expected: AccessRow['expected']): AccessRow {
  return {
    field: `User by reference: ${selection}`,
    operation: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${selection} } } }`,
    variables: { of: [{ __typename: 'User', id }] },
    expected,
  };
}

function mutation(name: string, inputType: string): string {
  return `mutation ($input: ${inputType}) { ${name}(input: $input) { userErrors { code } } }`;
}
