import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SupergraphGateway } from '../../gateway/index.ts';
import { compose } from '../support/federation.ts';

const planCacheBytesMax = 256 * 1024;

describe('gateway/plan cache', () => {
  const gateway = new SupergraphGateway({
    supergraphSdl: compose({ users: 'type Query { user(id: ID!): User } type User { id: ID! }' }),
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    planCacheBytesMax,
    buildService: () => ({ process: () => Promise.resolve({ data: { user: { id: '1' } } }) }),
  });
  const server = new ApolloServer({ gateway });
  const ask = (query: string): Promise<unknown> => server.executeOperation({ query });

  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('threat 15: stays within its bytes, and an operation in use is planned once, while 300 others come once', async () => {
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

  it('plans again what has not come for long', async () => {
    const { misses } = gateway.planCacheStatistics;
    await ask('{ user(id: "0") { id } }');
    expect(gateway.planCacheStatistics.misses).toBe(misses + 1);
  });
});

function ignore(): void {
  // These tests read numbers.
}
