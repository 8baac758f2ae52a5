import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

/** The type of an answer for an `Accept` header; `undefined` when it takes none of those there are. */
export type AcceptedType = (accept: string | undefined) => string | undefined;

/** The type of an answer to a request that says nothing of types. */
export const defaultType = 'application/json; charset=utf-8';

/** The types of an answer, the preferred one first where a client does not mind (GraphQL over HTTP, §6.3). */
const types: readonly string[] = [
  defaultType,
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

/** Negotiates types (RFC 9110 §12.5.1). The outcome of the last 100 headers of usual length is remembered. */
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
