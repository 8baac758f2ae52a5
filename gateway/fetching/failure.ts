import { AppError } from '../../common/errors.ts';

/**
 * There is no GraphQL response of a subgraph: refused, reset, late, too big, or not GraphQL. The message names the
 * subgraph, what was expected and what came: it is meant for the log, the mapper decides what a client reads.
 */
export class SubgraphFailure extends AppError {
  readonly subgraph: string;
  /** True when the subgraph cannot have begun to work on the request, so that even a mutation may be sent again. */
  readonly neverStarted: boolean;

  constructor(
    code: 'SUBGRAPH_ERROR' | 'SUBGRAPH_TIMEOUT',
    subgraph: string,
    problem: string,
    { neverStarted = false, cause }: { neverStarted?: boolean; cause?: unknown } = {},
  ) {
    super(code, `Subgraph "${subgraph}" ${problem}`, cause === undefined ? undefined : { cause });
    this.name = 'SubgraphFailure';
    this.subgraph = subgraph;
    this.neverStarted = neverStarted;
  }
}
