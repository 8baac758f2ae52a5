import { defaultLimits } from '../../../engine/limits/limits.ts';
import { OperationDemands } from '../../../engine/limits/operation-demands.ts';
import { affectedOf, type KnownOperation, operationOf } from '../../operations/known-operation.ts';
import type { Change } from '../change.ts';
import type { Comparison, Rule } from '../comparison.ts';
import type { Side } from '../side.ts';
import { isValidFor } from '../usage/is-valid-for.ts';

/** Known operations whose estimated cost, without values for variables, exceeds the gateway's limit. */
export const cost: Rule = ({ base, head, operations, settings }) => {
  const [before, after] = [costOf(base, settings), costOf(head, settings)];
  const { max } = settings.cost;
  return operations.flatMap((operation): readonly Change[] => {
    const now = isValidFor(head.api, operation) ? after(operation) : undefined;
    if (now === undefined || now <= max) return [];
    const then = isValidFor(base.api, operation) ? before(operation) : undefined;
    const isNew = then === undefined || then <= max;
    return [
      {
        code: 'COST_OVER_LIMIT',
        message: `The operation ${operation.name} costs ${now}, more than the ${max} that are allowed${then === undefined ? '' : `; it cost ${then}`}.`,
        in: 'head',
        // Operations over the limit before the change were already refused.
        severity: isNew ? 'error' : 'warning',
        ...(operation.place && { place: operation.place }),
        operations: [affectedOf(operation)],
      },
    ];
  });
};

function costOf(
  { api, supergraph }: Side,
  { cost: { max, listSize } }: Comparison['settings'],
): (operation: KnownOperation) => number | undefined {
  const { maxListArgument, maxInputDepth } = defaultLimits;
  const demands = new OperationDemands({
    maxListArgument,
    maxInputDepth,
    cost: { mode: 'measure', max, listSize },
  });
  demands.addSchema(api, supergraph.sdl);
  return ({ document, name }) => {
    const operation = operationOf(document, name);
    return operation && demands.of(api, document, operation)({}).cost;
  };
}
