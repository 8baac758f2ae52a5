import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { type ApolloOracle, startApolloOracle } from '../http/apollo-oracle.ts';

/** The gateway as it ships, and an Apollo Server behind the same edge, over one small graph. */
export interface GatewayAndApollo {
  readonly gateway: TestGateway;
  readonly apollo: ApolloOracle;
  stop(): Promise<void>;
}

/** Starts them; no field of the graph waits for anybody. */
export async function startGatewayAndApollo(): Promise<GatewayAndApollo> {
  const graph: SmallGraph = await startSmallGraph();
  graph.slow.answer();
  const gateway = await startTestGateway(graph);
  const apollo = await startApolloOracle({ supergraph: graph.supergraph, isBehindEdge: true });
  return {
    gateway,
    apollo,
    stop: async () => {
      await gateway.stop();
      await apollo.stop();
      await graph.stop();
    },
  };
}
