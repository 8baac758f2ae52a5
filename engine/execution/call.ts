import { AppError, messageOf } from '../../common/errors.ts';
import { nestingProblem, parsingProblem } from '../../common/parse-cost.ts';
import type {
  SubgraphProblem,
  SubgraphRequest,
  SubgraphResponse,
  SubgraphResult,
} from '../fetching/types.ts';
import type { SubgraphOperation } from './plan.ts';
import type { Run } from './run.ts';
import { dropUnasked, type SelectedKeys } from './selection.ts';
import { isStoreObject, type StoreObject } from './store.ts';

/** What came of one call: the `data` object, if any, and the raw `errors`. */
export interface CallResult {
  readonly data: StoreObject | undefined;
  readonly errors: unknown;
}

/** Makes the request for a subgraph's operation. */
export function requestFor(
  { subgraph, operationKind }: SubgraphOperation,
  body: string,
  path: readonly string[],
  { context }: Run,
): SubgraphRequest {
  return { subgraph, operationKind, body, headers: context.headersFor(subgraph), path, context };
}

/**
 * Reads a response as GraphQL (spec §7.1); of its data only what was `asked` for, where that is said. Throws an AppError
 * SUBGRAPH_ERROR when it is something else.
 */
export function readResponse(
  { body }: SubgraphResponse,
  { subgraph }: SubgraphRequest,
  asked?: SelectedKeys,
): CallResult {
  const result = typeof body === 'string' ? parseBody(body, subgraph) : body;
  if (!isStoreObject(result)) {
    throw mistake(subgraph, 'answered JSON that is no GraphQL response.');
  }
  const { data, errors } = result as SubgraphResult;
  if (isStoreObject(data)) {
    if (asked && !dropUnasked(data, asked)) throw mistake(subgraph, nestingProblem);
    return { data, errors };
  }
  const hasErrors = Array.isArray(errors)
    ? errors.length > 0
    : errors !== undefined && errors !== null;
  if (hasErrors && (data === undefined || data === null)) return { data: undefined, errors };
  throw mistake(subgraph, 'answered neither a data object nor errors.');
}

/** The problem of an answer that is GraphQL and still not what was asked for. */
export function mismatchProblem(subgraph: string, message: string): SubgraphProblem {
  return { kind: 'thrown', error: mistake(subgraph, message) };
}

function mistake(subgraph: string, problem: string, options?: ErrorOptions): AppError {
  return new AppError('SUBGRAPH_ERROR', `Subgraph "${subgraph}" ${problem}`, options);
}

function parseBody(text: string, subgraph: string): unknown {
  const reason = parsingProblem(text);
  if (reason !== undefined) throw mistake(subgraph, reason);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = `answered a body that is no JSON: ${messageOf(cause)}`;
    throw mistake(subgraph, problem, { cause });
  }
}
