import { type GraphQLSchema, validate } from 'graphql';
import type { KnownOperation } from '../../operations/known-operation.ts';

const known = new WeakMap<GraphQLSchema, WeakMap<KnownOperation, boolean>>();

/** Whether a schema takes an operation; several rules ask. */
export function isValidFor(schema: GraphQLSchema, operation: KnownOperation): boolean {
  const verdicts = known.get(schema) ?? new WeakMap<KnownOperation, boolean>();
  known.set(schema, verdicts);
  const verdict =
    verdicts.get(operation) ??
    validate(schema, operation.document, undefined, { maxErrors: 1 }).length === 0;
  verdicts.set(operation, verdict);
  return verdict;
}
