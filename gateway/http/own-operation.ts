import type { FastifyRequest } from 'fastify';

/** An operation that the gateway runs on behalf of a request for something else. */
export interface OwnOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Runs an operation on behalf of a request. Never rejects: a refusal is an error of the outcome. */
export type RunOperation = (
  request: FastifyRequest,
  operation: OwnOperation,
) => Promise<OperationOutcome>;

/** The result of an operation. */
export interface OperationOutcome {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}
