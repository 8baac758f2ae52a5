import { correlationHeader } from '../../common/correlation.ts';
import type { SubgraphRequest } from './types.ts';

/** The headers that open a subscription, as a flat list: those of every call of the viewer, and the correlation id. */
export function openingHeaders(
  { headers, context: { correlationId } }: SubgraphRequest,
  authorization: string | undefined,
): readonly string[] {
  const own: string[] = [];
  if (correlationId !== undefined) own.push(correlationHeader, correlationId);
  if (authorization !== undefined && !headers.includes('authorization')) {
    own.push('authorization', authorization);
  }
  return own.concat(headers);
}
