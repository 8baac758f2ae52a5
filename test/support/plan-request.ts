import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { PlanRequest } from '../../engine/planning/planner.ts';

/** Asks for the plan of the only operation of a document, without labels. */
export function planRequestOf(
  text: string,
  conditions: Readonly<Record<string, boolean>> = {},
): PlanRequest {
  const { definitions } = parse(text, { noLocation: true });
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
    conditions: new Map(Object.entries(conditions)),
    activeLabels: new Set(),
  };
}
