import { exchangeOf } from '../exchange.ts';
import type { OperationOutcome, RunOperation } from '../own-operation.ts';
import { OperationRequest } from './operation-request.ts';
import type { Pipeline } from './run-stages.ts';

/** Runs the gateway's own operations, on behalf of a request for something else. */
export function runOwnOperations(pipeline: Pipeline): RunOperation {
  return async ({ raw }, { query, variables }) => {
    const request = new OperationRequest(exchangeOf(raw));
    request.asked = {
      query,
      operationName: undefined,
      variables,
      documentId: undefined,
      persistedQuery: undefined,
    };
    const answer = await pipeline.run(request);
    if (!('json' in answer)) throw new Error('Expected a single response.');
    return JSON.parse(answer.json) as OperationOutcome;
  };
}
