import type { IncomingHttpHeaders } from 'node:http';
import { usesDefer } from '../../../common/deferred-fragments.ts';
import { costHeader } from '../../../engine/apollo/operation-limits.ts';
import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat, ResponseExtensions } from '../../../engine/execution/execute.ts';
import type { QueryPlan } from '../../../engine/execution/plan.ts';
import type { ValidRequest } from '../../../engine/operation/valid-request.ts';
import type { GatewayLimits } from '../gateway-limits.ts';
import type { AcceptedFormat } from '../parts/accepted-format.ts';
import { answerInParts } from '../parts/answer-in-parts.ts';
import type { OperationRequest } from './operation-request.ts';
import {
  type ClientStreams,
  isSubscription,
  openSubscription,
  planSubscription,
} from './run-subscription.ts';
import type { OperationStage, Step } from './stages.ts';

/** How clients see plans. */
export interface PlanView {
  isWanted(headers: IncomingHttpHeaders): boolean;
  extensionsOf(plan: QueryPlan, headers: IncomingHttpHeaders): ResponseExtensions;
}

/**
 * Prepares the operation in the engine. The response comes in parts when the operation has `@defer` and the client
 * accepts a format of parts; `acceptedFormat` is missing where a single response is needed.
 */
export function planOperation({
  execution,
  streams,
  planView,
  acceptedFormat,
}: {
  readonly execution: Pick<SupergraphGateway, 'prepare' | 'prepareParts' | 'subscribe'>;
  readonly streams?: ClientStreams | undefined;
  readonly planView: PlanView | undefined;
  readonly acceptedFormat: AcceptedFormat | undefined;
}): OperationStage {
  return (operation) => {
    if (streams && isSubscription(operation)) {
      return planSubscription(operation, execution, streams);
    }
    const { document, documentKey, operationName, schema } = operation;
    const formatFor = acceptedFormat && usesDefer(document) ? acceptedFormat : undefined;
    return (request) => {
      const { context, exchange } = request;
      if (!context) throw new Error('Expected a request whose viewer is known.');
      const valid: ValidRequest = {
        document,
        documentKey,
        operationName,
        variables: request.asked.variables,
        context,
        contextValue: context,
        schema,
        onPlan:
          planView?.isWanted(exchange.request.headers) === true
            ? (plan) => (request.shownPlan = plan)
            : undefined,
      };
      request.partsFormat = formatFor?.(exchange.request.headers.accept);
      const ready = request.partsFormat ? execution.prepareParts(valid) : execution.prepare(valid);
      if (!(ready instanceof Promise)) {
        request.run = ready;
        return undefined;
      }
      return ready.then((run) => {
        request.run = run;
        return undefined;
      });
    };
  };
}

/** Runs the operation, or opens its events; a response also has its cost and its plan, for clients that may see them. */
export function executeOperation({
  limits,
  streams,
  planView,
  format,
}: {
  readonly limits: GatewayLimits;
  readonly streams?: ClientStreams | undefined;
  readonly planView: PlanView | undefined;
  readonly format: ErrorFormat;
}): OperationStage {
  const extensionsOf = ({
    exchange,
    demand,
    shownPlan,
  }: OperationRequest): ResponseExtensions | undefined => {
    const { headers } = exchange.request;
    const estimated = demand?.cost;
    const cost =
      estimated !== undefined && limits.showsCost(headers[costHeader]?.toString())
        ? { cost: { estimated, max: limits.maxCost } }
        : undefined;
    if (!planView || !shownPlan) return cost;
    return { ...planView.extensionsOf(shownPlan, headers), ...cost };
  };
  const execute: Step = (request) => {
    const { run, partsFormat } = request;
    if (!run) throw new Error('Expected an operation that is ready to be run.');
    const extensions = extensionsOf(request);
    if (typeof run === 'function') return run(format, extensions);
    if (!partsFormat || !('start' in run)) throw new Error('Expected a client that accepts parts.');
    const writing = {
      format: partsFormat,
      errorFormat: format,
      extensions,
      log: request.exchange.log,
    };
    return run.start().then((execution) => answerInParts(execution, writing));
  };
  return (operation) =>
    streams && isSubscription(operation) ? openSubscription(streams, format) : execute;
}
