import type { IncomingHttpHeaders } from 'node:http';
import type { KnownOperation, OperationStage } from './stages.ts';

/** Counts what clients send. */
export interface UsageCounter {
  /** Prepares counting an operation; the function is called for each request, with its headers. */
  counterOf(
    operation: Pick<KnownOperation, 'document' | 'operationName'>,
  ): (headers: IncomingHttpHeaders) => void;
}

/** Counts each request of an operation, for the usage log. */
export function countUse(usage: UsageCounter | undefined): OperationStage {
  return (operation) => {
    const count = usage?.counterOf(operation);
    if (!count) return undefined;
    return ({ exchange }) => {
      count(exchange.request.headers);
      return undefined;
    };
  };
}
