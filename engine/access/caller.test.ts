import { describe, expect, it } from '@jest/globals';
import { callerOf } from './caller.ts';
import { type Clause, Clauses } from './clause.ts';
import { decide } from './decide.ts';
import type { Claims, PolicyFunction } from './options.ts';

describe('access/caller', () => {
  it.each([
    [undefined, false, []],
    [null, false, []],
    [{}, true, []],
    [{ scope: 'a  b' }, true, ['a', 'b']],
    [{ scope: ['a'] }, true, []],
  ])('treats the claims %j as authenticated: %s, with the scopes %j', (claims, isKnown, scopes) => {
    const caller = callerOf({}, { claims: () => claims });
    expect(caller.isAuthenticated).toBe(isKnown);
    expect([...caller.scopes]).toEqual(scopes);
  });

  it.each([[Promise.resolve({})], [true], ['a token']])('rejects %p as claims', (claims) => {
    expect(() => callerOf({}, { claims: () => claims as unknown as Claims })).toThrow(TypeError);
  });

  it('distinguishes two requests that share a context value', () => {
    const context = {};
    let user: Claims | undefined = { sub: 'a' };
    const claims = (): Claims | undefined => user;
    expect(callerOf(context, { claims }).isAuthenticated).toBe(true);
    user = undefined;
    expect(callerOf(context, { claims }).isAuthenticated).toBe(false);
  });

  it('evaluates each policy once in a request, with the claims and the context', async () => {
    const asked: unknown[] = [];
    const context = { tenant: 't' };
    const caller = callerOf(context, {
      claims: (): Claims => ({ sub: 'u' }),
      policies: (policy, request) => {
        asked.push([policy, request]);
        return Promise.resolve(policy === 'p');
      },
    });
    const p = policyClause([['p']]);
    const q = policyClause([['p', 'q']]);
    expect([...(await decide([p, q], caller))]).toEqual([q]);
    expect([...(await decide([p, q], caller))]).toEqual([q]);
    expect(asked).toEqual([
      ['p', { claims: { sub: 'u' }, context }],
      ['q', { claims: { sub: 'u' }, context }],
    ]);
  });

  it.each<[string, PolicyFunction<object> | undefined]>([
    ['is unknown', () => undefined],
    ['evaluates to null', () => Promise.resolve(null)],
    ['evaluates to anything but true', () => 1 as unknown as boolean],
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['takes too long', () => new Promise(() => undefined)],
    ['has no policy function', undefined],
  ])('does not grant a policy that %s', async (_why, policies) => {
    const caller = callerOf(
      {},
      {
        claims: (): Claims => ({}),
        ...(policies && { policies }),
        policyTimeoutMs: 20,
      },
    );
    const clause = policyClause([['p']]);
    expect([...(await decide([clause], caller))]).toEqual([clause]);
  });
});

function policyClause(anyOf: readonly (readonly string[])[]): Clause {
  const clause = new Clauses().of('policy', anyOf);
  if (!clause) throw new Error('Expected a clause.');
  return clause;
}
