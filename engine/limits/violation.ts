/** Why an operation is rejected: an error code, and a message with the limit and the actual value. */
export interface Violation {
  readonly code:
    | 'GRAPHQL_PARSE_FAILED'
    | 'GRAPHQL_VALIDATION_FAILED'
    | 'BAD_USER_INPUT'
    | 'COST_ESTIMATED_TOO_EXPENSIVE';
  readonly message: string;
  /** Set when an operation is too expensive. */
  readonly cost?: CostVerdict;
}

/** The estimated cost of an operation, and the maximum. */
export interface CostVerdict {
  readonly estimated: number;
  readonly max: number;
}

/** A violation by the document. */
export function invalid(message: string): Violation {
  return { code: 'GRAPHQL_VALIDATION_FAILED', message };
}

/** A violation by a value that the client sent. */
export function badInput(message: string): Violation {
  return { code: 'BAD_USER_INPUT', message };
}
