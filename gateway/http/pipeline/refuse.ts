import { GraphQLError } from 'graphql';
import { AppError } from '../../../common/errors.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import { isLimitRefusal } from '../../../engine/limits/limit-refusal.ts';
import { asRefusal } from '../refusal.ts';
import { type OneAnswer, Refusal } from './stages.ts';

/**
 * The response to a request that is refused with a thrown error. `isRead` says whether the requested operation was
 * already known: from then on the refusal must not be cached, unless the error allows it.
 */
export function refuse(thrown: unknown, format: ErrorFormat, isRead: boolean): OneAnswer {
  const errors = errorsOf(thrown);
  let status: number | undefined;
  const headers: string[] = [];
  for (const { extensions } of errors) {
    const { http } = extensions as { readonly http?: Partial<RefusalHttp> };
    status = http?.status ?? status;
    for (const [name, value] of Object.entries(http?.headers ?? {})) headers.push(name, value);
  }
  if (isRead && !headers.includes('cache-control')) headers.push('cache-control', 'no-store');
  return {
    json: JSON.stringify({ errors: errors.map(format) }),
    hasData: false,
    errors,
    cacheHint: undefined,
    refusal: {
      status: status ?? 500,
      headers,
      isLimit: errors.some(isLimitRefusal),
      isOfHttp: !isRead && thrown instanceof AppError,
    },
  };
}

interface RefusalHttp {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function errorsOf(thrown: unknown): readonly GraphQLError[] {
  if (thrown instanceof Refusal) return thrown.errors;
  if (thrown instanceof GraphQLError) return [thrown];
  if (thrown instanceof AppError) return [asRefusal(thrown)];
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  return [new GraphQLError(cause.message, { originalError: cause })];
}
