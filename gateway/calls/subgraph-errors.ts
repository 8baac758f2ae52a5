import { AppError, type ErrorCode, readRetryAfterSeconds } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { SubgraphFailure } from '../../engine/fetching/failure.ts';
import type {
  ProblemMapper,
  ReportedProblem,
  SubgraphProblem,
  SubgraphRequest,
} from '../../engine/fetching/types.ts';

/** How problems of subgraphs are told. */
export interface SubgraphErrorOptions {
  readonly mode: 'development' | 'production';
  readonly log: Logger;
}

/** Codes that are about what the client asked for, or its outcome: the subgraph's message is for the client. */
const toldCodes: ReadonlySet<unknown> = new Set<ErrorCode>([
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

/** How many more errors of the same response the log names, and the most characters of each. */
const othersMax = 9;
const otherMaxLength = 300;

/**
 * The one place where a problem with a subgraph becomes what a client reads. What the subgraph reported under a told
 * code keeps code, message and `retryAfterSeconds`; anything else becomes SUBGRAPH_ERROR, SUBGRAPH_TIMEOUT or OVERLOADED without a word of
 * its cause, which goes to the log under the correlation id, in one line for a response. Nothing else of a subgraph's `extensions` passes. In
 * development, and only there, `extensions.serviceName` names the subgraph.
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
  return toldCodes.has(extensions?.code);
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
