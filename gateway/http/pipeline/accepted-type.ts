import { LRUCache } from 'lru-cache';

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
    const type = negotiate(accept);
    if (accept.length <= rememberedChars) outcomes.set(accept, { type });
    return type;
  };
}

const rememberedChars = 256;

function negotiate(accept: string): string | undefined {
  const ranges = (accept.match(entry) ?? []).map(readMediaType);
  const fits = offered.map((offer) => fitOf(offer, ranges)).filter(({ quality }) => quality > 0);
  const [best] = fits.sort(
    (a, b) => b.quality - a.quality || b.specificity - a.specificity || a.at - b.at,
  );
  return best?.text;
}

/** What stands between commas, or between semicolons, outside of quotes. */
const entry = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const part = /(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g;

interface MediaType {
  readonly text: string;
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function readMediaType(text: string): MediaType {
  const [essence = '', ...written] = text.match(part) ?? [];
  const [type = '', subtype = ''] = essence.trim().toLowerCase().split('/');
  const parameters = new Map<string, string>();
  for (const each of written) {
    const [name = '', value = ''] = each.split('=');
    const key = name.trim().toLowerCase();
    if (!parameters.has(key)) parameters.set(key, unquoted(value.trim().toLowerCase()));
  }
  return { text, type, subtype, parameters };
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

const offered = types.map(readMediaType);

/** How well a type fits, by the most specific of the ranges that it is in. */
interface Fit {
  readonly text: string;
  readonly quality: number;
  readonly specificity: number;
  readonly at: number;
}

function fitOf(offer: MediaType, ranges: readonly MediaType[]): Fit {
  let best: Fit = { text: offer.text, quality: 0, specificity: -1, at: 0 };
  for (const [at, range] of ranges.entries()) {
    const specificity = specificityOf(range, offer);
    const quality = Number(range.parameters.get('q') ?? '1');
    const isBetter =
      specificity > best.specificity ||
      (specificity === best.specificity && quality > best.quality);
    if (specificity >= 0 && isBetter) best = { text: offer.text, quality, specificity, at };
  }
  return best;
}

/** -1 for a type that is not in the range. */
function specificityOf(range: MediaType, offer: MediaType): number {
  if (range.type !== '*' && range.type !== offer.type) return -1;
  if (range.subtype !== '*' && range.subtype !== offer.subtype) return -1;
  let named = 0;
  for (const [name, value] of range.parameters) {
    if (name === 'q') continue;
    if (value !== '*' && value !== (offer.parameters.get(name) ?? '')) return -1;
    named = 1;
  }
  return (range.type === '*' ? 0 : 4) + (range.subtype === '*' ? 0 : 2) + named;
}
