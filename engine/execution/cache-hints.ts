/** How long and for whom a response may be cached (RFC 9111 §5.2.2). */
export interface CacheHint {
  /** Seconds. */
  readonly maxAge: number;
  readonly scope: 'PUBLIC' | 'PRIVATE';
}

/** Combines the cache hints of all subgraph responses into the strictest one. */
export class CacheHints {
  private maxAge: number | undefined;
  private scope: CacheHint['scope'] = 'PUBLIC';

  /** Adds the `Cache-Control` header of one subgraph response; a response without the header must not be cached. */
  add(header: string | undefined): void {
    const { maxAge, scope } = readCacheControl(header);
    this.maxAge = this.maxAge === undefined ? maxAge : Math.min(this.maxAge, maxAge);
    if (scope === 'PRIVATE') this.scope = scope;
  }

  /** The hint for the whole response; `undefined` when no subgraph was called. */
  get overall(): CacheHint | undefined {
    return this.maxAge === undefined ? undefined : { maxAge: this.maxAge, scope: this.scope };
  }
}

const none: CacheHint = { maxAge: 0, scope: 'PUBLIC' };
const remembered = new Map<string, CacheHint>();
const rememberedMax = 100;

/** Cached: subgraphs send the same few headers over and over. */
function readCacheControl(header: string | undefined): CacheHint {
  if (header === undefined) return none;
  const known = remembered.get(header);
  if (known) return known;
  const directives = header
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const maxAge = directives.find((directive) => /^max-age=\d+$/.test(directive))?.slice(8);
  const isForbidden = directives.includes('no-store') || directives.includes('no-cache');
  const hint: CacheHint = {
    maxAge: isForbidden ? 0 : Number(maxAge ?? 0),
    scope: directives.includes('private') ? 'PRIVATE' : 'PUBLIC',
  };
  if (remembered.size < rememberedMax) remembered.set(header, hint);
  return hint;
}
