import type { Viewer } from '../../common/viewer.ts';
import type { RequestContext } from '../../engine/fetching/types.ts';

/** The context of an operation: who asks, and what its subgraph calls share. */
export interface GatewayContext extends RequestContext {
  readonly viewer: Viewer;
  readonly correlationId: string;
  readonly deadlineAt: number;
}

/** An operation as the log knows it. */
export interface OperationNote {
  readonly operationKind: string;
  readonly operationName: string | undefined;
  /** The estimate of the cost specification, where it is measured. */
  readonly cost: number | undefined;
}
