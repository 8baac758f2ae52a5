import { limitRefusal } from '../../../engine/limits/limit-refusal.ts';
import type { GatewayLimits } from '../gateway-limits.ts';
import type { OperationStage } from './stages.ts';

/** Measures what an operation asks for, records it for the log, and refuses an operation over a limit. */
export function measureDemand({ demands }: GatewayLimits): OperationStage {
  return ({ schema, document, operation }) => {
    const measure = demands.of(schema, document, operation);
    const operationKind = operation.operation;
    const operationName = operation.name?.value;
    const unmeasured = { operationKind, operationName, cost: undefined };
    return (request) => {
      const demand = measure(request.asked.variables);
      const { cost, violation } = demand;
      request.demand = demand;
      request.exchange.operation =
        cost === undefined ? unmeasured : { operationKind, operationName, cost };
      if (violation) throw limitRefusal(violation);
      return undefined;
    };
  };
}
