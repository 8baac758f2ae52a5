import type { FieldNode, SelectionNode } from 'graphql';
import type { OperationSource } from '../../common/operation-source.ts';

/** The steps to a removed position: response keys, `@` for each list, `... on X` for objects of that type. */
export type RemovedPath = readonly string[];

/** The client's operation, with the parts that the viewer may not see marked. */
export interface MarkedOperation extends OperationSource {
  /** The removed fields in this operation and its fragments. */
  readonly removed: ReadonlySet<FieldNode>;
  /** The rest of the operation, to be planned and fetched. */
  readonly filtered: OperationSource;
  /** Where something was removed: distinct paths, at most 100. */
  readonly paths: readonly RemovedPath[];
}

/** Whether `@skip` and `@include` keep a selection. */
export type IsIncluded = (selection: SelectionNode) => boolean;
