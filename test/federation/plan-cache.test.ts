import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SupergraphGateway } from '../../engine/index.ts';
import { compose } from '../support/federation.ts';

const planCacheBytesMax = 256 * 1024;

describe('gateway/plan cache', () => {
  const gateway = new SupergraphGateway({
    supergraphSdl: compose({
      users: 'type Query { user(id: ID!): User } type User { id: ID! friend: User }',
    }),
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    planCacheBytesMax,
    buildService: () => ({ process: () => Promise.resolve({ data: { user: { id: '1' } } }) }),
  });
  const server = new ApolloServer({ gateway });
  const ask = (query: string): Promise<unknown> => server.executeOperation({ query });

  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('threat 15: stays within its limit, and an operation in use is planned once, while 300 others are used once', async () => {
    const inUse = '{ user(id: "in use") { id } }';
    await ask(inUse);
    await ask(inUse);
    for (let index = 0; index < 300; index += 1) {
      await ask(`{ user(id: "${index}") { id } }`);
      if (index % 30 === 0) await ask(inUse);
      expect(gateway.planCacheStatistics.bytes).toBeLessThanOrEqual(planCacheBytesMax);
    }
    expect(gateway.planCacheStatistics).toMatchObject({ hits: 11, misses: 301 });
  });

  it('plans an operation again that has not been used for a long time', async () => {
    const { misses } = gateway.planCacheStatistics;
    await ask('{ user(id: "0") { id } }');
    expect(gateway.planCacheStatistics.misses).toBe(misses + 1);
  });

  it('caches that there is no plan, and refuses the operation again without a search', async () => {
    const fragments = Array.from(
      { length: 16 },
      (_, at) =>
        `fragment F${at} on User { a: friend { ...F${at + 1} } b: friend { ...F${at + 1} } }`,
    );
    const bomb = `{ user(id: 1) { ...F0 } } ${fragments.join(' ')} fragment F16 on User { id }`;
    const { hits, misses } = gateway.planCacheStatistics;
    const first = JSON.stringify(await ask(bomb));
    expect(first).toContain('OPERATION_TOO_COMPLEX');
    expect(JSON.stringify(await ask(bomb))).toBe(first);
    expect(gateway.planCacheStatistics).toMatchObject({ hits: hits + 1, misses: misses + 1 });
  });
});

function ignore(): void {
  // These tests check numbers.
}
