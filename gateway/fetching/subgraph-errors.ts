import { AppError, type ErrorCode, readRetryAfterSeconds } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { SubgraphFailure } from './failure.ts';
import type { ProblemMapper, SubgraphProblem, SubgraphRequest } from './types.ts';

/** How problems of subgraphs are told. */
export interface SubgraphErrorOptions {
  readonly mode: 'development' | 'production';
  readonly log: Logger;
  /** Codes beside `toldCodes` whose messages the subgraphs write for clients. */
  readonly moreToldCodes?: readonly string[];
}

/** Codes that are about what the client asked for, or its outcome: the subgraph's message is for the client. */
export const toldCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'RATE_LIMITED',
  'OVERLOADED',
]);

/** What a client reads when the cause is not for it. */
const masks = {
  SUBGRAPH_ERROR: 'A subgraph failed to answer properly.',
  SUBGRAPH_TIMEOUT: 'A subgraph did not answer in time.',
  OVERLOADED: 'The service is at its capacity; try again.',
} as const;

/** The most characters of a subgraph's message that a client reads. */
const messageMaxLength = 1_000;

/** The most characters of a subgraph's `extensions` that go to the log. */
const detailsMaxLength = 4_000;

/**
 * The one place where a problem with a subgraph becomes what a client reads. What the subgraph reported under a told
 * code keeps code, message and `retryAfterSeconds`; anything else becomes SUBGRAPH_ERROR, SUBGRAPH_TIMEOUT or OVERLOADED without a word of
 * its cause, which goes to the log under the correlation id. Nothing else of a subgraph's `extensions` passes. In
 * development, and only there, `extensions.serviceName` names the subgraph.
 */
export function createProblemMapper(options: SubgraphErrorOptions): ProblemMapper {
  const { mode, log, moreToldCodes = [] } = options;
  const told = new Set([...toldCodes, ...moreToldCodes]);

  return (problem, request) => {
    const name = mode === 'development' ? { serviceName: request.subgraph } : undefined;
    if (problem.kind === 'reported') {
      const { message, extensions } = problem;
      const code = extensions?.code;
      if (typeof code === 'string' && told.has(code)) {
        const retryAfterSeconds = readRetryAfterSeconds(extensions);
        const retry = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
        return {
          message: message.slice(0, messageMaxLength),
          extensions: { code, ...retry, ...name },
        };
      }
    }
    logCause(log, problem, request);
    const code = maskFor(problem);
    return { message: masks[code], extensions: { code, ...name } };
  };
}

function maskFor(problem: SubgraphProblem): keyof typeof masks {
  if (problem.kind === 'reported') {
    return problem.extensions?.code === 'SUBGRAPH_TIMEOUT' ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_ERROR';
  }
  const { error } = problem;
  if (error instanceof SubgraphFailure && error.code === 'SUBGRAPH_TIMEOUT') return error.code;
  return error instanceof AppError && error.code === 'OVERLOADED' ? error.code : 'SUBGRAPH_ERROR';
}

function logCause(log: Logger, problem: SubgraphProblem, request: SubgraphRequest): void {
  const { subgraph, operationKind, path, context } = request;
  const { correlationId, cancellation } = context;
  const call = { correlationId, subgraph, operationKind, path: path.join('.') };
  if (problem.kind === 'reported') {
    const reason = problem.message.slice(0, detailsMaxLength);
    log.error({ ...call, reason, extensions: textOf(problem.extensions) }, 'subgraph failed');
  } else if (cancellation?.cancelled) {
    log.debug({ ...call, err: problem.error }, 'subgraph call given up, the client has left');
  } else {
    log.error({ ...call, err: problem.error }, 'subgraph failed');
  }
}

/** As text, because a subgraph may nest or fill its extensions as it likes. */
function textOf(extensions: Readonly<Record<string, unknown>> | undefined): string | undefined {
  try {
    return extensions && JSON.stringify(extensions).slice(0, detailsMaxLength);
  } catch {
    return 'cannot be written as text';
  }
}
