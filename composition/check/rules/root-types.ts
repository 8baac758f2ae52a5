import { OperationTypeNode } from 'graphql';
import type { ApiRule } from '../api-rule.ts';
import type { Change } from '../change.ts';

/** The root types. */
export const rootTypes: ApiRule = (base, head) =>
  Object.values(OperationTypeNode).flatMap((operation): readonly Change[] => {
    const [before, after] = [base.getRootType(operation), head.getRootType(operation)];
    if (before?.name === after?.name) return [];
    if (!before) {
      const coordinate = after?.name ?? '';
      return [
        {
          code: 'ROOT_TYPE_ADDED',
          message: `There is a ${operation} type now: ${coordinate}.`,
          coordinate,
          in: 'head',
        },
      ];
    }
    return [
      {
        code: 'ROOT_TYPE_REMOVED',
        message: after
          ? `The ${operation} type is ${after.name}; it was ${before.name}.`
          : `There is no ${operation} type any more.`,
        coordinate: before.name,
        in: 'base',
      },
    ];
  });
