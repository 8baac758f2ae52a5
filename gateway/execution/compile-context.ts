import type { TypeIndex } from './type-index.ts';

/** What compiling a plan needs to know besides the plan. */
export interface CompileContext {
  readonly types: TypeIndex;
  /** The client's name of each variable that was renamed for planning. */
  readonly clientVariables: ReadonlyMap<string, string>;
}
