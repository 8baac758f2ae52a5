import type { Logger } from '../../common/logger.ts';
import type { Viewer } from '../../common/viewer.ts';
import type { RequestContext } from '../fetching/types.ts';

/**
 * The context value of an operation: who asks, and what its subgraph calls share. Execution finds in it all of
 * `RequestContext` but the request itself.
 */
export interface GatewayContext extends Omit<RequestContext, 'incoming'> {
  readonly viewer: Viewer;
  readonly correlationId: string;
  readonly deadlineAt: number;
  /** The log of the request, which writes the correlation id into each line. */
  readonly openLog: () => Logger;
  /** What the log says about the operation, once that is known. */
  readonly noteOperation: (operation: OperationNote) => void;
}

/** An operation as the log knows it. */
export interface OperationNote {
  readonly operationKind: string;
  readonly operationName: string | undefined;
  /** The estimate of the cost specification, where it is measured. */
  readonly cost?: number | undefined;
  /** Said only of an operation that went round Apollo Server. */
  readonly lane?: 'direct';
}

/** What the subgraph calls of an operation share: copied, since a spread is measurably slower on this path. */
export function callContextOf(
  context: GatewayContext,
  incoming?: RequestContext['incoming'],
): RequestContext {
  const { cancellation, deadlineAt, correlationId, clientAddress, headersFor, onNewSession } =
    context;
  return {
    cancellation,
    deadlineAt,
    correlationId,
    clientAddress,
    headersFor,
    onNewSession,
    incoming,
  };
}
