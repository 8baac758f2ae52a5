import { describe, expect, it } from '@jest/globals';
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

describe.each(planners)('federation/@override (%s planner)', (planner) => {
  const ask = async (field: string, asking = {}): Promise<unknown> => {
    const { data } = await moving.ask(`{ product { ${field} } }`, { planner, ...asking });
    return (data as { product: Record<string, unknown> }).product[field];
  };

  it('asks the subgraph that took the field over', async () => {
    expect(await ask('name')).toBe('next');
  });

  it('asks it for the given percentage of requests', async () => {
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

  it('asks it when the label is among those that were chosen', async () => {
    expect(await ask('stock')).toBe('old');
    expect(await ask('stock', { overrideLabels: ['stock-moved'] })).toBe('next');
    expect(await ask('stock', { overrideLabels: ['another'] })).toBe('old');
  });

  it('does not take a percentage from the chosen labels', async () => {
    expect(await ask('price', { overrideLabels: ['percent(25)'], random: () => 0.9 })).toBe('old');
  });
});
