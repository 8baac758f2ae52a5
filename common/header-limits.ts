import type { IncomingHttpHeaders } from 'node:http';

/**
 * The maximum length, in characters, of each header that is parsed by any library, or that may appear in a log or an
 * error. Header parsers use regular expressions whose time grows with the square of the length; up to these lengths it
 * is negligible. The limit of `authorization` is where that header is read.
 */
export const headerLimits: ReadonlyMap<string, number> = new Map([
  ['content-type', 256],
  ['content-encoding', 64],
  ['accept', 1_024],
  ['accept-encoding', 256],
  ['host', 262],
  ['origin', 512],
  ['expect', 64],
  ['sec-fetch-site', 64],
  ['x-forwarded-for', 2_048],
  ['cookie', 8_192],
  ['apollo-require-preflight', 256],
  ['apollo-query-plan-experimental', 256],
  ['apollo-expose-query-plan', 256],
  ['apollographql-client-name', 256],
  ['apollographql-client-version', 256],
  ['x-apollo-operation-name', 256],
  ['x-correlation-id', 256],
  ['x-operation-cost', 64],
]);

/**
 * Returns a message about a header that is too long for a parser; `undefined` when there is none. The response should
 * be 431.
 */
export function findLongHeader(headers: IncomingHttpHeaders): string | undefined {
  for (const [name, maxChars] of headerLimits) {
    const value = headers[name];
    if (value !== undefined && value.length > maxChars) {
      return `The header ${name} may have ${maxChars} characters.`;
    }
  }
  return undefined;
}
