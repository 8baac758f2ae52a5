import { type GraphQLError, type GraphQLSchema, validate } from 'graphql';
import { placesOf } from '../../locate.ts';
import { affectedOf, type KnownOperation } from '../../operations/known-operation.ts';
import type { Change } from '../change.ts';
import type { Rule } from '../comparison.ts';

/** Operations that became invalid, and those that are invalid on both schemas. */
export const operations: Rule = ({ base, head, operations: known }) =>
  operationChanges(base.api, head.api, known);

/** The same for two API schemas. */
export function operationChanges(
  base: GraphQLSchema,
  head: GraphQLSchema,
  known: readonly KnownOperation[],
): readonly Change[] {
  return known.flatMap((operation): readonly Change[] => {
    const [error] = errorsOf(head, operation);
    if (!error) return [];
    const [before] = errorsOf(base, operation);
    const [place = operation.place] = placesOf(error.nodes);
    return [
      {
        code: before ? 'OPERATION_NEVER_VALID' : 'OPERATION_BROKEN',
        message: before
          ? `The operation ${operation.name} is valid neither in the base nor now: ${error.message}`
          : `The operation ${operation.name} was valid and is refused now: ${error.message}`,
        in: 'head',
        ...(place && { place }),
        operations: [affectedOf(operation)],
      },
    ];
  });
}

function errorsOf(schema: GraphQLSchema, { document }: KnownOperation): readonly GraphQLError[] {
  return validate(schema, document, undefined, { maxErrors: 1 });
}
