import { afterAll, beforeAll } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** A small graph and the gateway over it, while the tests of a `describe` run. */
export interface GatewayUnderTest {
  readonly graph: SmallGraph;
  readonly gateway: TestGateway;
}

/** Starts a small graph and a gateway over it before the tests of a `describe`, and stops them after those. */
export function useGateway(): GatewayUnderTest {
  let graph: SmallGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  return {
    get graph() {
      return graph;
    },
    get gateway() {
      return gateway;
    },
  };
}
