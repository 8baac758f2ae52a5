import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import { createCancellation } from '../fetching/cancellation.ts';
import type { RequestContext } from '../fetching/types.ts';
import type { Authenticate } from '../identity/authenticate.ts';
import type { SubgraphHeaders } from '../identity/subgraph-identity.ts';

/**
 * The context value of an operation: who asks, and what its subgraph calls share. Execution finds in it all of
 * `RequestContext` but the request itself.
 */
export interface GatewayContext extends Omit<RequestContext, 'incoming'> {
  readonly viewer: Viewer;
  readonly correlationId: string;
  readonly deadlineAt: number;
  /** Writes the correlation id into each line. */
  readonly log: FastifyBaseLogger;
  /** What the log says about the operation, once that is known. */
  readonly noteOperation: (operation: OperationNote) => void;
}

/** An operation as the log knows it. */
export interface OperationNote {
  readonly operationKind: string;
  readonly operationName: string | undefined;
  /** Said only of an operation that went round Apollo Server. */
  readonly lane?: 'direct';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The GraphQL operation of the request, once it is known. */
    operationNote?: OperationNote;
  }
}

/** What contexts are made of. */
export interface ContextDependencies {
  readonly authenticate: Authenticate;
  readonly subgraphHeaders: SubgraphHeaders;
  /** Time from the request to the answer. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/** Makes the context of a request. Rejects with an AppError for credentials that are not valid. */
export type CreateContext = (
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<GatewayContext>;

/** The context of whoever the `Authorization` header proves. */
export function createContextFactory(dependencies: ContextDependencies): CreateContext {
  return async (request, reply) => {
    const viewer = await authenticateRequest(request, dependencies);
    return contextOf(viewer, request, reply, dependencies);
  };
}

/** The context of nobody, for an operation that the gateway runs on a client's behalf. */
export function createAnonymousContextFactory(
  dependencies: Omit<ContextDependencies, 'authenticate'>,
): CreateContext {
  return (request, reply) => Promise.resolve(contextOf(anonymous, request, reply, dependencies));
}

async function authenticateRequest(
  { headers, log }: FastifyRequest,
  { authenticate }: ContextDependencies,
): Promise<Viewer> {
  try {
    return await authenticate(headers.authorization);
  } catch (error) {
    if (error instanceof AppError) log.info({ reason: messageOf(error.cause) }, error.message);
    throw error;
  }
}

function contextOf(
  viewer: Viewer,
  request: FastifyRequest,
  reply: FastifyReply,
  { subgraphHeaders, requestTimeoutMs, clock }: Omit<ContextDependencies, 'authenticate'>,
): GatewayContext {
  const cancellation = createCancellation();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) cancellation.cancel();
  });
  return {
    viewer,
    cancellation,
    correlationId: request.id,
    clientAddress: request.ip,
    deadlineAt: clock.now() + requestTimeoutMs,
    headersFor: subgraphHeaders(viewer, request.headers),
    log: request.log,
    noteOperation: (operation) => {
      request.operationNote = operation;
    },
  };
}
