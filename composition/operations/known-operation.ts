import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import { blankLiterals } from '../../common/blank-literals.ts';
import type { AffectedOperation, Client } from '../check/finding.ts';
import type { SourcePlace } from '../problem.ts';

/** An operation that clients send, with the fragments that it needs. */
export interface KnownOperation {
  readonly name: string;
  readonly document: DocumentNode;
  /** Where it is committed; absent when only a usage log knows it. */
  readonly place?: SourcePlace;
  /** Who sent it within the time that counts. */
  readonly clients: readonly Client[];
}

/** What is said of an operation that a change meets. */
export function affectedOf({ name, place, clients }: KnownOperation): AffectedOperation {
  return { name, ...(place && { place }), clients };
}

/** The name of an operation, or the beginning of its hash. */
export function nameOfOperation(
  operation: OperationDefinitionNode | undefined,
  document: DocumentNode,
): string {
  return operation?.name?.value ?? hashOf(document).slice(0, 12);
}

/** The same for texts that differ in spaces, comments, and written values alone: a usage log does not have those. */
export function hashOf(document: DocumentNode): string {
  return createHash('sha256')
    .update(print(blankLiterals(document)))
    .digest('hex');
}

/** The fragments of a document, by name. */
export function fragmentsOf({
  definitions,
}: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition] as const]
        : [],
    ),
  );
}

/** The operations of a document, in its order. */
export function operationsIn({ definitions }: DocumentNode): readonly OperationDefinitionNode[] {
  return definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

/** The operation of a document that has the name, or else its first. */
export function operationOf(
  document: DocumentNode,
  name?: string,
): OperationDefinitionNode | undefined {
  const operations = operationsIn(document);
  return operations.find((operation) => operation.name?.value === name) ?? operations[0];
}
