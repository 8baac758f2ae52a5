import type { GatewayCachePolicy } from '../apollo-interface.ts';

/** A `GatewayCacheHint`, whose scope has no type there. */
export interface CacheHint {
  readonly maxAge?: number | undefined;
  readonly scope?: unknown;
}

/** A cache policy as Apollo Server makes one for a request, beginning with what is known already. */
export class CachePolicy implements GatewayCachePolicy {
  maxAge: number | undefined;
  scope: 'PUBLIC' | 'PRIVATE' | undefined;

  constructor(known: CacheHint) {
    this.replace(known);
  }

  restrict({ maxAge, scope }: CacheHint): void {
    if (maxAge !== undefined && maxAge < (this.maxAge ?? Infinity)) this.maxAge = maxAge;
    if (this.scope !== 'PRIVATE') this.replace({ scope });
  }

  replace({ maxAge, scope }: CacheHint): void {
    if (maxAge !== undefined) this.maxAge = maxAge;
    if (scope === 'PUBLIC' || scope === 'PRIVATE') this.scope = scope;
  }

  policyIfCacheable(): { maxAge: number; scope: 'PUBLIC' | 'PRIVATE' } | null {
    const { maxAge, scope = 'PUBLIC' } = this;
    return maxAge === undefined || maxAge === 0 ? null : { maxAge, scope };
  }
}

/** The hint that a policy of whatever make has at this moment. */
export function hintOf(policy: unknown): CacheHint {
  const { maxAge, scope } = (policy ?? {}) as CacheHint;
  return { maxAge, scope };
}

/** The `Cache-Control` that Apollo Server's plugin makes of a policy. */
export function cacheControlOf(hint: CacheHint): string {
  const policy = new CachePolicy(hint).policyIfCacheable();
  return policy ? `max-age=${policy.maxAge}, ${policy.scope.toLowerCase()}` : 'no-store';
}
