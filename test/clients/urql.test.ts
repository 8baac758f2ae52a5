import { describe, expect, it } from '@jest/globals';
import { Client, fetchExchange, gql } from '@urql/core';
import { useGateway } from '../gateway/use-gateway.ts';

/** urql without any configuration, over HTTP: its GETs have no header that would require a preflight. */
describe('clients: urql', () => {
  const small = useGateway();

  const methods: (string | undefined)[] = [];
  const clientOf = (options: object = {}): Client => {
    methods.length = 0;
    return new Client({
      url: `${small.gateway.url}/graphql`,
      exchanges: [fetchExchange],
      preferGetMethod: false,
      fetch: (input, init) => {
        methods.push(init?.method);
        return fetch(input, init);
      },
      ...options,
    });
  };
  const author = gql`
    query Author($id: ID!) {
      author(id: $id) {
        id
        name
      }
    }
  `;

  it.each([
    ['POST', {}],
    ['GET', { preferGetMethod: true }],
    ['GET', { preferGetMethod: 'force' }],
    ['GET', { preferGetMethod: 'within-url-limit' }],
  ])('asks by %s (%j)', async (method, options) => {
    const { data, error } = await clientOf(options).query(author, { id: '1' }).toPromise();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ author: { id: '1', name: 'Ada' } });
    expect(methods).toEqual([method]);
  });

  it('runs a mutation by POST, even when it prefers GET', async () => {
    const mutation = gql`
      mutation Login {
        login(input: { email: "a", password: "right" }) {
          session {
            expiresIn
          }
        }
      }
    `;
    const { data } = await clientOf({ preferGetMethod: true }).mutation(mutation, {}).toPromise();
    expect(data).toMatchObject({ login: { session: { expiresIn: 900 } } });
    expect(methods).toEqual(['POST']);
  });

  it.each([false, 'force'])('reads the code of an error (GET: %s)', async (preferGetMethod) => {
    const { error } = await clientOf({ preferGetMethod }).query(gql('{ refused }'), {}).toPromise();
    expect(error?.graphQLErrors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
