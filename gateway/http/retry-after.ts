import { readRetryAfterSeconds } from '../../common/errors.ts';

/** The header that says when to try again, in seconds (RFC 9110 §10.2.3). */
export const retryAfterHeader = 'retry-after';

/** The value of `retryAfterHeader` for a response with these errors: the longest time among them, if any. */
export function retryAfterOf(
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[],
): string | undefined {
  let longest = 0;
  for (const { extensions } of errors) {
    longest = Math.max(longest, readRetryAfterSeconds(extensions) ?? 0);
  }
  return longest === 0 ? undefined : String(longest);
}

/** True for errors that all report an overload. */
export function areAllOverloaded(
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[],
): boolean {
  return errors.length > 0 && errors.every(({ extensions }) => extensions?.code === 'OVERLOADED');
}

/** True when no root field has a value. */
export function isWithoutData(data: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return (
    data === null || data === undefined || Object.values(data).every((value) => value === null)
  );
}
