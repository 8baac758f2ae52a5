import { AppError } from '../../common/errors.ts';

/**
 * A subgraph call without a GraphQL response: refused, reset, late, too large, or not GraphQL. The message names the
 * subgraph, what was expected and what was received. It is meant for the log; the mapper decides what a client sees.
 */
export class SubgraphFailure extends AppError {
  readonly subgraph: string;
  /** True when the subgraph cannot have started on the request, so that even a mutation may be sent again. */
  readonly neverStarted: boolean;
  /** The HTTP status of a response that was not GraphQL; `undefined` without a response. */
  readonly status: number | undefined;

  constructor(
    code: 'SUBGRAPH_ERROR' | 'SUBGRAPH_TIMEOUT',
    subgraph: string,
    problem: string,
    {
      neverStarted = false,
      status,
      cause,
    }: { neverStarted?: boolean; status?: number; cause?: unknown } = {},
  ) {
    super(code, `Subgraph "${subgraph}" ${problem}`, cause === undefined ? undefined : { cause });
    this.name = 'SubgraphFailure';
    this.subgraph = subgraph;
    this.neverStarted = neverStarted;
    this.status = status;
  }
}
