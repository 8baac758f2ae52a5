import { LRUCache } from 'lru-cache';
import { qualityOf, readMediaRanges } from '../../../common/media-ranges.ts';
import { type IncrementalFormat, incrementalFormats } from './incremental-formats.ts';

/** The format of a response in parts for an `Accept` header; `undefined` for a client that does not ask for one. */
export type AcceptedFormat = (accept: string | undefined) => IncrementalFormat | undefined;

/**
 * Finds the format that a client asks for by name: one that does not name the format could not read the parts. Caches
 * the result for the last 100 headers of usual length.
 */
export function createAcceptedFormat(): AcceptedFormat {
  const outcomes = new LRUCache<string, { readonly format: IncrementalFormat | undefined }>({
    max: 100,
  });
  return (accept) => {
    if (accept === undefined || !/multipart\/mixed/i.test(accept)) return undefined;
    const known = outcomes.get(accept);
    if (known) return known.format;
    const format = formatIn(accept);
    if (accept.length <= rememberedChars) outcomes.set(accept, { format });
    return format;
  };
}

const rememberedChars = 256;

/** A client that prefers one response as JSON gets it. */
function formatIn(accept: string): IncrementalFormat | undefined {
  const ranges = readMediaRanges(accept);
  const json = qualityOf(ranges, ({ type }) => jsonTypes.has(type));
  let best: IncrementalFormat | undefined;
  let bestQuality = 0;
  for (const format of incrementalFormats) {
    const quality = qualityOf(
      ranges,
      ({ type, parameters }) => type === 'multipart/mixed' && parameters.includes(format.spec),
    );
    if (quality <= bestQuality || quality < json) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}

const jsonTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/graphql-response+json',
]);
