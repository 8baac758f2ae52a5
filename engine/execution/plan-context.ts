import type { ContextPaths } from './context-paths.ts';
import type { TypeIndex } from './type-index.ts';

/** What the nodes of a plan are compiled with. */
export interface PlanContext {
  readonly types: TypeIndex;
  /** The context paths of all nodes that fill the same store. */
  readonly contextPaths: ContextPaths;
  /** Whether deferred parts wait for fetches, by their ids. */
  readonly isAwaited: boolean;
}
