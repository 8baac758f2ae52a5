import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { describe, expect, it } from '@jest/globals';
import { Client, fetchExchange } from '@urql/core';
import { formats, useDeferringGateway } from '../streams/use-deferring-gateway.ts';

const products = `
  query Products {
    products {
      id
      name
      ...Rating @defer(label: "rating")
    }
  }
  fragment Rating on Product {
    rating
    maker {
      id
      country
    }
  }
`;

const first = { products: [{ name: 'Chair' }, { name: 'Table 🪑' }] };
const whole = {
  products: [
    { name: 'Chair', rating: 2, maker: { country: 'NO' } },
    { name: 'Table 🪑', rating: 4, maker: { country: 'NO' } },
  ],
};

describe('clients: Apollo Client and urql, with @defer', () => {
  const test = useDeferringGateway();

  it.each([
    ['Defer20220824Handler', () => new Defer20220824Handler()],
    ['GraphQL17Alpha9Handler', () => new GraphQL17Alpha9Handler()],
  ])('Apollo Client shows the first part, and then the rest: %s', async (_name, handler) => {
    const release = test.graph.hold();
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({ uri: `${test.gateway.url}/graphql` }),
      incrementalHandler: handler(),
    });
    const seen: { readonly state: string; readonly data: unknown }[] = [];
    await new Promise<void>((resolve, reject) => {
      client.watchQuery({ query: gql(products) }).subscribe({
        next: ({ data, dataState, error }) => {
          if (error) reject(new Error(error.message));
          if (dataState === 'empty') return;
          seen.push({ state: dataState, data });
          if (seen.length === 1) release();
          if (dataState === 'complete') resolve();
        },
        error: reject,
      });
    });
    client.stop();
    expect(seen[0]).toMatchObject({ state: 'streaming', data: first });
    expect(JSON.stringify(seen[0])).not.toContain('rating');
    expect(seen.at(-1)).toMatchObject({ state: 'complete', data: whole });
  });

  it.each(Object.values(formats))('urql does, when it asks for %s', async (format) => {
    const release = test.graph.hold();
    const client = new Client({
      url: `${test.gateway.url}/graphql`,
      exchanges: [fetchExchange],
      preferGetMethod: false,
      fetchOptions: { headers: { accept: `${format}, application/json;q=0.9` } },
    });
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      client.query(products, {}).subscribe(({ data, hasNext }) => {
        seen.push(structuredClone(data));
        release();
        if (!hasNext) resolve();
      });
    });
    expect(seen[0]).toMatchObject(first);
    expect(JSON.stringify(seen[0])).not.toContain('rating');
    expect(seen.at(-1)).toMatchObject(whole);
  });

  it('urql gets one answer with everything when it asks for nothing special', async () => {
    const client = new Client({
      url: `${test.gateway.url}/graphql`,
      exchanges: [fetchExchange],
      preferGetMethod: false,
    });
    const { data, hasNext } = await client.query(products, {}).toPromise();
    expect(data).toMatchObject(whole);
    expect(hasNext).toBe(false);
  });
});
