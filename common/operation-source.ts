import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';

/** An operation and the fragments that it may use, by name. */
export interface OperationSource {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}
