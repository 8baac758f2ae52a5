import { createHash } from 'node:crypto';
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { describe, expect, it } from '@jest/globals';
import { useGateway } from '../gateway/use-gateway.ts';

/** Apollo Client 4 without any configuration, over HTTP. */
describe('clients: Apollo Client', () => {
  const small = useGateway();

  const seen: { readonly method: string | undefined; readonly status: number }[] = [];
  const noting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    seen.push({ method: init?.method, status: response.status });
    return response;
  };
  const clientOf = (options: object = {}, persisted = false): ApolloClient => {
    const http = new HttpLink({ uri: `${small.gateway.url}/graphql`, fetch: noting, ...options });
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const link = persisted
      ? new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http)
      : http;
    seen.length = 0;
    return new ApolloClient({ cache: new InMemoryCache(), link });
  };
  const books = gql`
    query Books {
      books {
        id
        title
      }
    }
  `;

  it.each([
    ['POST, as by default', {}],
    ['GET', { useGETForQueries: true }],
  ])('asks by %s', async (_how, options) => {
    const { data } = await clientOf(options).query({ query: books });
    expect(data).toMatchObject({ books: [{ id: '7', title: 'Notes' }] });
    expect(seen).toEqual([{ method: 'useGETForQueries' in options ? 'GET' : 'POST', status: 200 }]);
  });

  it('runs a mutation', async () => {
    const { data } = await clientOf().mutate({
      mutation: gql`
        mutation Login {
          login(input: { email: "a", password: "right" }) {
            session {
              expiresIn
            }
          }
        }
      `,
    });
    expect(data).toMatchObject({ login: { session: { expiresIn: 900 } } });
  });

  it('sends the text of a persisted query once, and then only its hash', async () => {
    const client = clientOf({}, true);
    const query = gql`
      query Persisted {
        me
      }
    `;
    for (let time = 0; time < 2; time += 1) {
      const { data } = await client.query({ query, fetchPolicy: 'network-only' });
      expect(data).toEqual({ me: 'somebody' });
    }
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  it.each([
    ['a field that is refused', '{ refused }', 'FORBIDDEN'],
    ['an operation that is invalid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('reads the code of %s', async (_what, text, code) => {
    const failure: unknown = await clientOf()
      .query({ query: gql(text) })
      .catch((error: unknown) => error);
    expect(CombinedGraphQLErrors.is(failure)).toBe(true);
    expect((failure as CombinedGraphQLErrors).errors).toMatchObject([{ extensions: { code } }]);
  });
});
