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
import { dropUnrequested, nestsTooDeep, type SelectedKeys } from './selection.ts';
import { isStoreObject, type StoreObject } from './store.ts';

/** The parsed response of one call: its `data` object, if any, and its raw `errors`. */
export interface CallResult {
  readonly data: StoreObject | undefined;
  readonly errors: unknown;
}

/** Builds the request for a subgraph operation. */
export function requestFor(
  { subgraph, operationKind }: SubgraphOperation,
  body: string,
  path: readonly string[],
  { context }: Run,
): SubgraphRequest {
  return { subgraph, operationKind, body, headers: context.headersFor(subgraph), path, context };
}

/**
 * Reads a response as GraphQL (spec §7.1). With `asked`, drops all data that was not requested. Throws an AppError
 * SUBGRAPH_ERROR when the body is not a GraphQL response.
 */
export function readResponse(
  { body }: SubgraphResponse,
  { subgraph }: SubgraphRequest,
  asked?: SelectedKeys,
): CallResult {
  const result = typeof body === 'string' ? parseBody(body, subgraph) : body;
  if (!isStoreObject(result)) {
    throw subgraphError(subgraph, 'answered with JSON that is not a GraphQL response.');
  }
  const { data, errors } = result as SubgraphResult;
  if (errors !== undefined && nestsTooDeep(errors)) throw subgraphError(subgraph, nestingProblem);
  if (isStoreObject(data)) {
    if (asked && !dropUnrequested(data, asked)) throw subgraphError(subgraph, nestingProblem);
    return { data, errors };
  }
  const hasErrors = Array.isArray(errors)
    ? errors.length > 0
    : errors !== undefined && errors !== null;
  if (hasErrors && (data === undefined || data === null)) return { data: undefined, errors };
  throw subgraphError(subgraph, 'answered with neither a data object nor errors.');
}

/** The problem of a valid GraphQL response that does not match the request. */
export function mismatchProblem(subgraph: string, message: string): SubgraphProblem {
  return { kind: 'thrown', error: subgraphError(subgraph, message) };
}

function subgraphError(subgraph: string, problem: string, options?: ErrorOptions): AppError {
  return new AppError('SUBGRAPH_ERROR', `Subgraph "${subgraph}" ${problem}`, options);
}

function parseBody(text: string, subgraph: string): unknown {
  const reason = parsingProblem(text);
  if (reason !== undefined) throw subgraphError(subgraph, reason);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = `answered with a body that is not JSON: ${messageOf(cause)}`;
    throw subgraphError(subgraph, problem, { cause });
  }
}
