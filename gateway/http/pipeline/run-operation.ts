import type { IncomingHttpHeaders } from 'node:http';
import { costHeader } from '../../../engine/apollo/operation-limits.ts';
import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat, ResponseExtensions } from '../../../engine/execution/execute.ts';
import type { QueryPlan } from '../../../engine/execution/plan.ts';
import type { GatewayLimits } from '../gateway-limits.ts';
import type { OperationRequest } from './operation-request.ts';
import type { OperationStage, Step } from './stages.ts';

/** How clients see plans. */
export interface PlanView {
  isWanted(headers: IncomingHttpHeaders): boolean;
  extensionsOf(plan: QueryPlan, headers: IncomingHttpHeaders): ResponseExtensions;
}

/** Prepares the operation in the engine. */
export function planOperation({
  execution,
  planView,
}: {
  readonly execution: Pick<SupergraphGateway, 'prepare'>;
  readonly planView: PlanView | undefined;
}): OperationStage {
  return ({ document, documentKey, operationName, schema }) =>
    (request) => {
      const { context, exchange } = request;
      if (!context) throw new Error('Expected a request whose viewer is known.');
      const ready = execution.prepare({
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
      });
      if (!(ready instanceof Promise)) {
        request.run = ready;
        return undefined;
      }
      return ready.then((run) => {
        request.run = run;
        return undefined;
      });
    };
}

/** Runs the operation; its response also has its cost and its plan, for clients that may see them. */
export function executeOperation({
  limits,
  planView,
  format,
}: {
  readonly limits: GatewayLimits;
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
    if (!request.run) throw new Error('Expected an operation that is ready to be run.');
    return request.run(format, extensionsOf(request));
  };
  return () => execute;
}
