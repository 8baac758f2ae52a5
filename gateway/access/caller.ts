import type { Caller } from './decide.ts';
import type { AccessOptions, Claims } from './options.ts';

/** The caller of a request, by its context value. */
export type Callers<TContext> = (context: TContext) => Caller;

const defaultPolicyTimeoutMs = 1_000;
const noScopes: ReadonlySet<string> = new Set();

/** Tells callers by the claims of their requests. A request has one caller, who asks for each policy once. */
export function createCallers<TContext extends object>(
  options: AccessOptions<TContext>,
): Callers<TContext> {
  const known = new WeakMap<TContext, Caller>();
  return (context) => {
    const caller = known.get(context) ?? callerOf(context, options);
    known.set(context, caller);
    return caller;
  };
}

function callerOf<TContext>(context: TContext, options: AccessOptions<TContext>): Caller {
  const claims = options.claims(context) ?? undefined;
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
