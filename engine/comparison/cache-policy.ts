import type { GatewayCachePolicy } from '../apollo-interface.ts';

/** A `GatewayCacheHint`; its scope is untyped there. */
export interface CacheHint {
  readonly maxAge?: number | undefined;
  readonly scope?: unknown;
}

/** A cache policy like Apollo Server's, starting with the hints known so far. */
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

/** The current hint of a cache policy from any source. */
export function hintOf(policy: unknown): CacheHint {
  const { maxAge, scope } = (policy ?? {}) as CacheHint;
  return { maxAge, scope };
}

/** The `Cache-Control` header that Apollo Server's plugin creates for a policy. */
export function cacheControlOf(hint: CacheHint): string {
  const policy = new CachePolicy(hint).policyIfCacheable();
  return policy ? `max-age=${policy.maxAge}, ${policy.scope.toLowerCase()}` : 'no-store';
}
