import {
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { OperationShape } from './compile-shape.ts';
import type { StoreObject } from './store.ts';
import type { RawVariables } from './variables.ts';

/** Answers the introspection fields of an operation, by the names that the shape gave them. */
export type Introspector = (variables: RawVariables) => StoreObject;

/** Compiles the introspection of an operation; `undefined` when there is none. */
export function compileIntrospection(
  { introspection }: OperationShape,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
): Introspector | undefined {
  if (introspection.size === 0) return undefined;
  const selections = [...introspection].flatMap(([name, nodes]) =>
    nodes.map((node): FieldNode => ({
      ...node,
      alias: { kind: Kind.NAME, value: name },
      directives: [],
    })),
  );
  const introspectionQuery: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: operation.variableDefinitions,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const definitions = [introspectionQuery, ...fragments.values()];
  const answer = (variableValues: RawVariables): StoreObject =>
    executeSync({ schema, document: { kind: Kind.DOCUMENT, definitions }, variableValues }).data ??
    {};

  let known: StoreObject | undefined;
  const dependsOnVariables = usesVariables(selections, fragments);
  return (variables) => (dependsOnVariables ? answer(variables) : (known ??= answer(variables)));
}

/** Fragments are taken as a whole: it does no harm to believe one of them in use that is not. */
function usesVariables(
  selections: readonly FieldNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  let isFound = false;
  for (const node of [...selections, ...fragments.values()]) {
    visit(node, { Variable: () => void (isFound = true) });
  }
  return isFound;
}
