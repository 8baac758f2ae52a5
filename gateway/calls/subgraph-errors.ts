import { AppError, type ErrorCode, readRetryAfterSeconds } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { SubgraphFailure } from '../../engine/fetching/failure.ts';
import type {
  ProblemMapper,
  ReportedProblem,
  SubgraphProblem,
  SubgraphRequest,
} from '../../engine/fetching/types.ts';

/** Options of the mapping from subgraph problems to client errors. */
export interface SubgraphErrorOptions {
  readonly mode: 'development' | 'production';
  readonly log: Logger;
}

/** Codes about the client's request or its outcome: the client sees the subgraph's message. */
const clientCodes: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'RATE_LIMITED',
  'OVERLOADED',
]);

/** What a client sees when the cause is not meant for it. */
const masks = {
  SUBGRAPH_ERROR: 'A subgraph failed to answer properly.',
  SUBGRAPH_TIMEOUT: 'A subgraph did not answer in time.',
  OVERLOADED: 'The service is at its capacity; try again.',
} as const;

/** The maximum length of a subgraph's message in a client error. */
const messageMaxLength = 1_000;

/** The maximum length of a subgraph's `extensions` in the log. */
const detailsMaxLength = 4_000;

/** How many further errors of the same response the log lists, and the maximum length of each. */
const othersMax = 9;
const otherMaxLength = 300;

/**
 * The only place that turns a subgraph problem into a client error. An error with one of the client codes keeps its
 * code, message and `retryAfterSeconds`. Any other becomes SUBGRAPH_ERROR, SUBGRAPH_TIMEOUT or OVERLOADED, without its
 * cause, which is logged under the correlation id: one line for each response. Nothing else of a subgraph's
 * `extensions` passes. In development only, `extensions.serviceName` names the subgraph.
 */
export function createProblemMapper({ mode, log }: SubgraphErrorOptions): ProblemMapper {
  return (problem, request) => {
    const name = mode === 'development' ? { serviceName: request.subgraph } : undefined;
    if (problem.kind === 'reported') {
      const { message, extensions } = problem;
      if (isTold(problem)) {
        const code = extensions?.code;
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
    const retry = code === 'OVERLOADED' ? { retryAfterSeconds: 1 } : undefined;
    return { message: masks[code], extensions: { code, ...retry, ...name } };
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

function isTold({ extensions }: ReportedProblem): boolean {
  return clientCodes.has(extensions?.code);
}

function logCause(log: Logger, problem: SubgraphProblem, request: SubgraphRequest): void {
  const { subgraph, operationKind, path, context } = request;
  const { correlationId, cancellation } = context;
  const call = { correlationId, subgraph, operationKind, path: path.join('.') };
  if (problem.kind === 'reported') {
    const { problems, count } = problem.report ?? { problems: [problem], count: 1 };
    const [first, ...others] = problems.filter((each) => !isTold(each));
    if (first !== problem) return;
    const reason = problem.message.slice(0, detailsMaxLength);
    const extensions = textOf(problem.extensions);
    const otherReasons = others
      .slice(0, othersMax)
      .map(({ message }) => message.slice(0, otherMaxLength));
    const more = count > 1 ? { errors: count, otherReasons } : undefined;
    log.error({ ...call, reason, extensions, ...more }, 'subgraph failed');
  } else if (cancellation?.cancelled) {
    log.debug(
      { ...call, err: problem.error },
      'subgraph call aborted: the client has disconnected',
    );
  } else {
    log.error({ ...call, err: problem.error }, 'subgraph failed');
  }
}

/** As text, because a subgraph may nest or fill its extensions arbitrarily. */
function textOf(extensions: Readonly<Record<string, unknown>> | undefined): string | undefined {
  try {
    return extensions && JSON.stringify(extensions).slice(0, detailsMaxLength);
  } catch {
    return 'cannot be written as text';
  }
}
