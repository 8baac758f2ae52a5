import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SupergraphGateway } from '../../engine/index.ts';
import { type DeferringGraph, startDeferringGraph } from './deferring-graph.ts';

/** Apollo Server takes one result from a gateway. */
describe('streams: @defer in an Apollo Server', () => {
  let graph: DeferringGraph;
  let server: ApolloServer;

  beforeAll(async () => {
    graph = await startDeferringGraph();
    server = new ApolloServer({
      gateway: new SupergraphGateway({ supergraphSdl: graph.supergraph }),
    });
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    await graph.stop();
  });

  const ask = async (query: string): Promise<unknown> => {
    const { body } = await server.executeOperation({ query });
    return body.kind === 'single' ? body.singleResult : body;
  };

  it('is answered with everything at once', async () => {
    expect(await ask('{ product(id: "1") { name ... @defer(label: "more") { rating } } }')).toEqual(
      { data: { product: { name: 'Chair', rating: 2 } } },
    );
  });

  it('is refused where its rules are broken', async () => {
    const query =
      '{ product(id: "1") { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }';
    expect(await ask(query)).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });
});
