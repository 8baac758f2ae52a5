import type { SubgraphRequest } from '../fetching/types.ts';
import { requestFor } from './call.ts';
import { compileBody } from './fetch-body.ts';
import type { QueryPlan } from './plan.ts';
import type { Run } from './run.ts';

/** Writes the request that opens the events of a subscription. */
export type OpeningRequest = (run: Run) => SubgraphRequest;

/** Compiles it; `undefined` for a plan that is no subscription. */
export function compileOpeningRequest({ node }: QueryPlan): OpeningRequest | undefined {
  if (node?.kind !== 'subscription') return undefined;
  const { primary } = node;
  const writeBody = compileBody(primary, []);
  return (run) => requestFor(primary, writeBody(run.variables, []), [], run);
}
