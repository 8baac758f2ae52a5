import type { GraphQLSchema } from 'graphql';
import { affectedOf, type KnownOperation } from '../../operations/known-operation.ts';
import { usedCoordinates } from '../../operations/used-coordinates.ts';
import type { AffectedOperation } from '../finding.ts';

/** Finds the operations that use a schema coordinate. */
export type OperationsUsing = (coordinate: string) => readonly AffectedOperation[];

/** Goes through all operations once. */
export function indexOperations(
  schema: GraphQLSchema,
  operations: readonly KnownOperation[],
): OperationsUsing {
  const index = new Map<string, AffectedOperation[]>();
  for (const operation of operations) {
    const affected = affectedOf(operation);
    for (const coordinate of usedCoordinates(schema, operation.document)) {
      const using = index.get(coordinate);
      if (using) using.push(affected);
      else index.set(coordinate, [affected]);
    }
  }
  return (coordinate) => index.get(coordinate) ?? [];
}
