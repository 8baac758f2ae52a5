import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { SupergraphGateway } from '../../engine/index.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

describe.each(['own', 'apollo'] as const)('streams: subscriptions by the planner %s', (planner) => {
  let graph: StreamGraph;
  let gateway: SupergraphGateway;
  beforeAll(async () => {
    graph = await startStreamGraph();
    const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    gateway = new SupergraphGateway({ supergraphSdl: graph.supergraph, planner, logger });
    await gateway.load();
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  it.each([
    ['subscription { moved { id place } }', 0],
    ['subscription { moved { label owner { name } } }', 1],
    ['subscription S { spot: moved(id: 1) { __typename tag: label owner { who: name } id } }', 1],
    ['subscription ($id: ID) { moved(id: $id) { ... on Parcel { label } owner { name } } }', 1],
  ])('have the merged data of all subgraphs, each asked once: %s', async (query, fetches) => {
    const document = parse(query);
    const variables = { id: '7' };
    const oracle = (await subscribe({
      ...{ schema: graph.whole, document, variableValues: variables },
    })) as AsyncIterableIterator<ExecutionResult>;
    const context = {
      ...{ cancellation: undefined, deadlineAt: undefined, correlationId: undefined },
      ...{ headersFor: () => [], incoming: undefined },
    };
    const ready = await gateway.subscribe({
      ...{ document, documentKey: query, operationName: undefined, variables, context },
      schema: gateway.schema,
    });
    if (typeof ready === 'function') throw new Error('Expected a subscription.');
    const answers: unknown[] = [];
    const open = ready.open({
      next: (event) => {
        void ready
          .complete(Promise.resolve(event), context, (error) => error.toJSON())
          .then((answer) => answers.push(JSON.parse(answer?.json ?? '')));
      },
      end: (failure) => answers.push(failure),
    });
    await until(() => graph.feed.open === 2);
    const before = graph.calls.length;
    for (const id of ['1', '2', '3']) {
      const known = answers.length;
      graph.feed.send({ id, place: `Gate ${id}` });
      await until(() => answers.length > known);
      expect(answers.at(-1)).toEqual(
        JSON.parse(JSON.stringify((await oracle.next()).value)) as unknown,
      );
    }
    expect(graph.calls.length - before).toBe(3 * fetches);
    open.close();
    await oracle.return?.();
    await until(() => graph.feed.open === 0);
  });
});

function ignore(): void {
  // Nothing is looked for in the log.
}
