import type { Caller } from './decide.ts';
import type { AccessOptions, Claims } from './options.ts';

const defaultPolicyTimeoutMs = 1_000;
const noScopes: ReadonlySet<string> = new Set();

/**
 * The caller of a request, from its context value. Evaluates each policy once, and caches nothing across requests,
 * which may share a context value. Throws when the claims are not an object.
 */
export function callerOf<TContext>(context: TContext, options: AccessOptions<TContext>): Caller {
  const claims = readClaims(options.claims(context));
  const answers = new Map<string, unknown>();
  return {
    isAuthenticated: claims !== undefined,
    scopes: scopesOf(claims?.scope),
    evaluatePolicy: (policy) => {
      if (answers.has(policy)) return answers.get(policy);
      const answer = evaluate(policy, claims, context, options);
      answers.set(policy, answer);
      return answer;
    },
  };
}

/** A promise of claims must not count as claims: it would authenticate everyone. */
function readClaims(claims: unknown): Claims | undefined {
  if (claims === undefined || claims === null) return undefined;
  if (typeof claims === 'object' && !('then' in claims)) return claims as Claims;
  throw new TypeError(
    'Expected "access.claims" to return an object of claims or undefined, and not a promise.',
  );
}

async function evaluate<TContext>(
  policy: string,
  claims: Claims | undefined,
  context: TContext,
  { policies, policyTimeoutMs = defaultPolicyTimeoutMs }: AccessOptions<TContext>,
): Promise<unknown> {
  return (
    policies && withTimeout(Promise.resolve(policies(policy, { claims, context })), policyTimeoutMs)
  );
}

/** Only a string has scopes, separated by spaces (RFC 8693 §4.2). */
function scopesOf(scope: unknown): ReadonlySet<string> {
  if (typeof scope !== 'string') return noScopes;
  return new Set(scope.split(' ').filter(Boolean));
}

/** `undefined` after the timeout. */
async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, end]);
  } finally {
    clearTimeout(timer);
  }
}
