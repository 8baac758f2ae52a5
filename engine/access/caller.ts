import type { Caller } from './decide.ts';
import type { AccessOptions, Claims } from './options.ts';

const defaultPolicyTimeoutMs = 1_000;
const noScopes: ReadonlySet<string> = new Set();

/**
 * The caller of a request, by its context value; it asks for each policy once. Nothing is remembered for another
 * request, which may come with the same context value. Throws for claims that are no object.
 */
export function callerOf<TContext>(context: TContext, options: AccessOptions<TContext>): Caller {
  const claims = readClaims(options.claims(context));
  const answers = new Map<string, unknown>();
  return {
    isAuthenticated: claims !== undefined,
    scopes: scopesOf(claims?.scope),
    asks: (policy) => {
      if (answers.has(policy)) return answers.get(policy);
      const answer = ask(policy, claims, context, options);
      answers.set(policy, answer);
      return answer;
    },
  };
}

/** A promise of claims must not pass for claims: it would make everybody known. */
function readClaims(claims: unknown): Claims | undefined {
  if (claims === undefined || claims === null) return undefined;
  if (typeof claims === 'object' && !('then' in claims)) return claims as Claims;
  throw new TypeError(
    'Expected "access.claims" to give an object of claims, or undefined, at once.',
  );
}

async function ask<TContext>(
  policy: string,
  claims: Claims | undefined,
  context: TContext,
  { policies, policyTimeoutMs = defaultPolicyTimeoutMs }: AccessOptions<TContext>,
): Promise<unknown> {
  return (
    policies && withinTime(Promise.resolve(policies(policy, { claims, context })), policyTimeoutMs)
  );
}

/** Only a text has scopes in it, as RFC 8693 §4.2 writes them. */
function scopesOf(scope: unknown): ReadonlySet<string> {
  if (typeof scope !== 'string') return noScopes;
  return new Set(scope.split(' ').filter(Boolean));
}

/** `undefined` for what takes too long. */
async function withinTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T | undefined> {
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
