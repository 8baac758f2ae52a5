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

/** Executes an operation's introspection fields; the keys of the result are those in the shape. */
export type Introspector = (variables: RawVariables) => StoreObject;

/** Compiles the introspection of an operation; `undefined` when it has none. */
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

/** Counts every fragment as used; a false positive is harmless. */
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
