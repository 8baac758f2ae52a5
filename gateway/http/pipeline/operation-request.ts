import type { QueryPlan } from '../../../engine/execution/plan.ts';
import type { Demand } from '../../../engine/limits/operation-demand.ts';
import type { ReadyRun } from '../../../engine/operation/supergraph-engine.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { defaultType } from './accepted-type.ts';
import type { AskedOperation } from './asked-operation.ts';

/**
 * A request for an operation, on its way through the pipeline. What a stage finds out stands in a member of its own; all of
 * them are there from the start, so that each request is an object of the same shape.
 */
export class OperationRequest {
  readonly exchange: Exchange;
  /** By GET only queries are run. */
  readonly isGet: boolean;
  /** What is asked for. */
  asked: AskedOperation = nothingAsked;
  /** The type of an answer that comes at once. */
  contentType = defaultType;
  /** Who asks, and what the calls of subgraphs share. */
  context: GatewayContext | undefined = undefined;
  /** The text of the document. */
  source = '';
  /** The operation asks for this much. */
  demand: Demand | undefined = undefined;
  /** The plan by which the operation runs, for a client that may see it and asks for it. */
  shownPlan: QueryPlan | undefined = undefined;
  /** The operation with its plan, ready to be run. */
  run: ReadyRun | undefined = undefined;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.isGet = exchange.request.method === 'GET';
  }
}

const nothingAsked: AskedOperation = {
  query: undefined,
  operationName: undefined,
  variables: {},
  documentId: undefined,
  persistedQuery: undefined,
};
