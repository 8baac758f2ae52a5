import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { eventStreamType } from '../../../engine/streams/event-formats.ts';

/** The response's media type for an `Accept` header; `undefined` when it accepts none of the available types. */
export type AcceptedType = (accept: string | undefined) => string | undefined;

/** The media type of a response to a request without an `Accept` header. */
export const defaultType = 'application/json; charset=utf-8';

/** The media types of responses, in our order of preference (GraphQL over HTTP, §6.3). */
const types: readonly string[] = [
  defaultType,
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
  eventStreamType,
];

/** Negotiates types (RFC 9110 §12.5.1). Caches the result for the last 100 headers of usual length. */
export function createAcceptedType(): AcceptedType {
  const outcomes = new LRUCache<string, { readonly type: string | undefined }>({ max: 100 });
  return (accept) => {
    if (accept === undefined || accept === '') return defaultType;
    const known = outcomes.get(accept);
    if (known) return known.type;
    const type = new Negotiator({ headers: { accept } }).mediaType(types);
    if (accept.length <= rememberedChars) outcomes.set(accept, { type });
    return type;
  };
}

const rememberedChars = 256;
