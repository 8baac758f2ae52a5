import type { ContextPaths } from './context-paths.ts';
import type { TypeIndex } from './type-index.ts';

/** What a node of a plan is compiled with. */
export interface PlanContext {
  readonly types: TypeIndex;
  /** Those of all nodes that fill the same store. */
  readonly contextPaths: ContextPaths;
}
