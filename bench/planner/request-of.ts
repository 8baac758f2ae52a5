import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { PlanRequest } from '../../gateway/planning/planner.ts';

/** Asks for the plan of the only operation of a document, without conditions and labels. */
export function requestOf({ definitions }: DocumentNode): PlanRequest {
  const operation = definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('Expected an operation.');
  const fragments = definitions.filter(
    (each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION,
  );
  return {
    operation,
    fragments: new Map(fragments.map((each) => [each.name.value, each])),
    operationName: undefined,
    conditions: new Map(),
    activeLabels: new Set(),
  };
}
