import { expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { anonymous } from '../../common/viewer.ts';
import { viewers } from '../support/access-table/row.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { useUsers } from './users-subgraph.ts';

const entities = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on User { id name email } }
}`;

const ofIds = (...ids: readonly unknown[]) => ({
  of: ids.map((id) => ({ __typename: 'User', id })),
});

describeOnEachDatabase('users/references', (open) => {
  const { ask, takeStatements, url } = useUsers(open);

  it('resolves any number of references by one SQL statement, each once', async () => {
    takeStatements();
    const ids = ['1', '2', '3', '1', '2'];
    const { data } = await ask(viewers.nobody, entities, ofIds(...ids));
    expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(takeStatements()).toHaveLength(1);
  });

  it('answers null in place of what does not exist', async () => {
    const { data, errors } = await ask(viewers.nobody, entities, ofIds('2', '999999', '1'));
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { id: '2', name: 'Jane Roe', email: null },
      null,
      { id: '1', name: 'John Doe', email: null },
    ]);
  });

  it('answers null without a statement for what cannot be an id', async () => {
    takeStatements();
    const ids = ['', '0', '01', '-1', '1.0', 'x', '1\0', '9223372036854775808', 1, null, {}, [1]];
    const { data, errors } = await ask(viewers.admin, entities, ofIds(...ids));
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(ids.map(() => null));
    expect(takeStatements()).toEqual([]);
  });

  it('shows a person more of their own account than of others', async () => {
    const { data } = await ask(viewers.owner, entities, ofIds('1', '2'));
    expect(data._entities).toEqual([
      { id: '1', name: 'John Doe', email: 'john@example.com' },
      { id: '2', name: 'Jane Roe', email: null },
    ]);
  });

  const foreign = createIdentitySigner('orders', developmentIdentityKey('orders'));
  const misaddressed = createIdentitySigner('orders', developmentIdentityKey('users'));
  const expired = createIdentitySigner('users', developmentIdentityKey('users'), {
    now: () => Date.now() - 61_000,
  });
  const identities: readonly (readonly [string, Record<string, string>])[] = [
    ['no identity', {}],
    ['no token', { [identityHeader]: 'admin' }],
    ['an identity for another subgraph', { [identityHeader]: foreign(anonymous).token }],
    ['an identity addressed to another', { [identityHeader]: misaddressed(anonymous).token }],
    ['an expired identity', { [identityHeader]: expired(viewers.admin).token }],
  ];
  const operations = [
    '{ _service { sdl } }',
    '{ __typename }',
    '{ __schema { queryType { name } } }',
  ];

  it.each(identities)('answers nothing to %s', async (_, headers) => {
    for (const query of operations) {
      const response = await fetch(`${url()}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        errors: [
          {
            message: 'A valid signed identity is required.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
    }
  });
});
