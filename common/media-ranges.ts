/** A media range of an `Accept` header (RFC 9110 §12.5.1). */
export interface MediaRange {
  /** In lower case. */
  readonly type: string;
  /** As `name=value`, without quotes. */
  readonly parameters: readonly string[];
  /** From 0, which refuses the type, to 1. */
  readonly quality: number;
}

/** Reads the media ranges of an `Accept` header. */
export function readMediaRanges(accept: string): readonly MediaRange[] {
  return (accept.match(mediaRange) ?? []).map(readRange);
}

/** The greatest quality among the ranges that are meant; 0 when there is none. */
export function qualityOf(
  ranges: readonly MediaRange[],
  isMeant: (range: MediaRange) => boolean,
): number {
  return ranges.reduce((best, range) => (isMeant(range) ? Math.max(best, range.quality) : best), 0);
}

/** Up to the next comma that is not in quotes. */
const mediaRange = /(?:[^,"]|"[^"]*")+/g;
const parameter = /;\s*([^=;\s]+)\s*=\s*(?:"([^"]*)"|([^;\s]*))/g;

function readRange(text: string): MediaRange {
  const type = text.split(';', 1).join().trim().toLowerCase();
  let quality = 1;
  const parameters: string[] = [];
  for (const [, name = '', quoted, plain = ''] of text.matchAll(parameter)) {
    if (name.toLowerCase() === 'q') quality = Number(plain) || 0;
    else parameters.push(`${name}=${quoted ?? plain}`);
  }
  return { type, parameters, quality };
}
