import { LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { describe, expect, it } from '@jest/globals';
import type { GraphQLSchema } from 'graphql';
import { SupergraphGateway } from '../../engine/apollo/supergraph-gateway.ts';
import { Federation, planners } from '../support/federation.ts';

const resolvers = (subgraph: string): Record<string, unknown> => ({
  Query: { product: () => ({ id: '1' }) },
  Product: {
    __resolveReference: () => ({ id: '1' }),
    price: () => subgraph,
    stock: () => subgraph,
    name: () => subgraph,
  },
});

const moving = new Federation({
  old: {
    schema: `
      type Query { product: Product }
      type Product @key(fields: "id") { id: ID! name: String price: String stock: String }
    `,
    resolvers: resolvers('old'),
  },
  next: {
    schema: `
      type Product @key(fields: "id") {
        id: ID!
        name: String @override(from: "old")
        price: String @override(from: "old", label: "percent(25)")
        stock: String @override(from: "old", label: "stock-moved")
      }
    `,
    resolvers: resolvers('next'),
  },
});

const ignore = (): void => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function schemaOf(subgraph: string): GraphQLSchema {
  const schema = moving.schemas.get(subgraph);
  if (!schema) throw new Error(`Expected a subgraph of the test; got "${subgraph}".`);
  return schema;
}

describe.each(planners)('federation/@override (%s planner)', (planner) => {
  const ask = async (field: string, asking = {}): Promise<unknown> => {
    const { data } = await moving.ask(`{ product { ${field} } }`, { planner, ...asking });
    return (data as { product: Record<string, unknown> }).product[field];
  };

  it('calls the subgraph that has taken over the field', async () => {
    expect(await ask('name')).toBe('next');
  });

  it('calls it for the given percentage of requests', async () => {
    const asked = new Map<unknown, number>();
    for (let percent = 0; percent < 100; percent += 1) {
      const subgraph = await ask('price', { random: () => percent / 100 });
      asked.set(subgraph, (asked.get(subgraph) ?? 0) + 1);
    }
    expect(asked).toEqual(
      new Map([
        ['next', 25],
        ['old', 75],
      ]),
    );
    expect(await ask('price', { random: () => 0.2499 })).toBe('next');
    expect(await ask('price', { random: () => 0.25 })).toBe('old');
  });

  it('calls it when the label is among the chosen ones', async () => {
    expect(await ask('stock')).toBe('old');
    expect(await ask('stock', { overrideLabels: ['stock-moved'] })).toBe('next');
    expect(await ask('stock', { overrideLabels: ['another'] })).toBe('old');
  });

  it('calls it when a function of the gateway chooses the label, from the context value', async () => {
    const gateway = new SupergraphGateway({
      logger: quiet,
      supergraphSdl: moving.supergraphSdl,
      planner,
      buildService: ({ name }) => new LocalGraphQLDataSource(schemaOf(name)),
      overrideLabels: ({ context, labels }) =>
        (context as { isTester?: boolean }).isTester === true ? labels : [],
    });
    const server = new ApolloServer({ gateway });
    await server.start();
    const answerTo = async (contextValue: object): Promise<unknown> => {
      const { body } = await server.executeOperation(
        { query: '{ product { stock } }' },
        { contextValue },
      );
      return body.kind === 'single' ? body.singleResult.data : body;
    };
    expect(await answerTo({})).toEqual({ product: { stock: 'old' } });
    expect(await answerTo({ isTester: true })).toEqual({ product: { stock: 'next' } });
    await server.stop();
  });

  it('ignores percentages among the chosen labels', async () => {
    expect(await ask('price', { overrideLabels: ['percent(25)'], random: () => 0.9 })).toBe('old');
  });
});
