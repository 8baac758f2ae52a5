import { OperationTypeNode } from 'graphql';
import { refusal } from '../refusal.ts';
import type { OperationStage } from './stages.ts';

/** A GET changes nothing (RFC 9110 §9.2.1): it can only run queries, and subscriptions of an `EventSource`. */
export function queriesOnlyByGet(): OperationStage {
  return ({ operation: { operation: kind } }) => {
    if (kind === OperationTypeNode.QUERY) return undefined;
    return ({ isGet, takesEvents }) => {
      if (!isGet || (takesEvents && kind === OperationTypeNode.SUBSCRIPTION)) return undefined;
      const message = `GET requests only support query operations, not ${kind} operations`;
      throw refusal('BAD_REQUEST', message, { status: 405, headers: { allow: 'POST' } });
    };
  };
}
