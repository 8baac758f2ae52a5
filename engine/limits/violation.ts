/** Why an operation is refused: a code of the error catalogue and a message that says the limit and what came. */
export interface Violation {
  readonly code:
    | 'GRAPHQL_PARSE_FAILED'
    | 'GRAPHQL_VALIDATION_FAILED'
    | 'BAD_USER_INPUT'
    | 'COST_ESTIMATED_TOO_EXPENSIVE';
  readonly message: string;
  /** Said of an operation that is too expensive. */
  readonly cost?: CostVerdict;
}

/** What an operation is estimated to cost, and the most it may. */
export interface CostVerdict {
  readonly estimated: number;
  readonly max: number;
}

/** A violation by the shape of an operation. */
export function invalid(message: string): Violation {
  return { code: 'GRAPHQL_VALIDATION_FAILED', message };
}

/** A violation by a value that the client gave. */
export function badInput(message: string): Violation {
  return { code: 'BAD_USER_INPUT', message };
}
