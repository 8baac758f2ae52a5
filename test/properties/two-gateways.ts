import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';

/** Two gateways over one small graph: one with both lanes, and one that leaves all to Apollo Server. */
export interface TwoGateways {
  readonly both: TestGateway;
  readonly apolloOnly: TestGateway;
  stop(): Promise<void>;
}

/** Starts them; no field of the graph waits for anybody. */
export async function startTwoGateways(): Promise<TwoGateways> {
  const graph: SmallGraph = await startSmallGraph();
  graph.slow.answer();
  const both = await startTestGateway(graph);
  const apolloOnly = await startTestGateway(graph, {
    environment: { DIRECT_LANE_ENABLED: 'false' },
  });
  return {
    both,
    apolloOnly,
    stop: async () => {
      await both.stop();
      await apolloOnly.stop();
      await graph.stop();
    },
  };
}
