import type { Viewer } from '../../common/viewer.ts';
import type { RequestContext } from '../../engine/fetching/types.ts';

/** The context of an operation: its viewer, and state that its subgraph calls share. */
export interface GatewayContext extends RequestContext {
  readonly viewer: Viewer;
  readonly correlationId: string;
  readonly deadlineAt: number;
}

/** What the log says about an operation. */
export interface OperationNote {
  readonly operationKind: string;
  readonly operationName: string | undefined;
  /** The estimated cost according to the cost specification, if it is measured. */
  readonly cost: number | undefined;
}
