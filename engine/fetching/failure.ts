import { AppError } from '../../common/errors.ts';

/**
 * There is no GraphQL response of a subgraph: refused, reset, late, too big, or not GraphQL. The message names the
 * subgraph, what was expected and what came: it is meant for the log, the mapper decides what a client reads.
 */
export class SubgraphFailure extends AppError {
  readonly subgraph: string;
  /** True when the subgraph cannot have begun to work on the request, so that even a mutation may be sent again. */
  readonly neverStarted: boolean;
  /** The HTTP status of an answer that was no GraphQL response; `undefined` when there was no answer. */
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
