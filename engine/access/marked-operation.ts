import type {
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
} from 'graphql';

/** An operation and the fragments that it may use. */
export interface OperationSource {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** A step of a removed position: a response key, `@` for each item of a list, `... on X` for objects of that type. */
export type RemovedPath = readonly string[];

/** The client's operation with what the viewer may not see told apart. */
export interface MarkedOperation extends OperationSource {
  /** The fields, of those of this operation and its fragments, that are not answered. */
  readonly removed: ReadonlySet<FieldNode>;
  /** What is left of the operation, to be planned and fetched. */
  readonly filtered: OperationSource;
  /** Where something was removed, each place once, at most 100 of them. */
  readonly paths: readonly RemovedPath[];
}

/** Tells whether `@skip` and `@include` leave a selection in. */
export type IsIncluded = (selection: SelectionNode) => boolean;
