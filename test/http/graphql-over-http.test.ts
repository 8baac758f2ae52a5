import { describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { useGateway } from '../gateway/use-gateway.ts';
import { patienceMs } from '../support/patience.ts';

/** The number of audits in the suite; fewer would mean that it was not run completely. */
const auditsMin = 60;

/**
 * Sends the audits' requests without additional headers: no page of another site can have sent them. One GET accepts
 * any type, as every image and script tag does: it is only answered with a header that requires a preflight.
 */
const fetchFn: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  const asksForAnything = (init?.method ?? 'GET') === 'GET' && !headers.has('accept');
  if (asksForAnything) headers.set('apollo-require-preflight', '1');
  return fetch(input, { ...init, headers, signal: AbortSignal.timeout(patienceMs) });
};

/** The specification of GraphQL over HTTP, as its audits read it: every MUST, SHOULD and MAY. */
describe('gateway: GraphQL over HTTP', () => {
  const small = useGateway();

  const url = (): string => `${small.gateway.url}/graphql`;

  it.each(serverAudits({ url, fetchFn }).map(({ id, name, fn }) => [id, name, fn] as const))(
    'threat 29: %s %s, twice',
    async (_id, _name, audit) => {
      expect(await outcomeOf(audit)).toBe('ok');
      expect(await outcomeOf(audit)).toBe('ok');
    },
  );

  it(`threat 29: passes at least ${auditsMin} audits`, () => {
    expect(serverAudits({ url }).length).toBeGreaterThanOrEqual(auditsMin);
  });
});

type AuditFunction = ReturnType<typeof serverAudits>[number]['fn'];

/** `ok`, or what was wrong. */
async function outcomeOf(audit: AuditFunction): Promise<string> {
  const result = await audit();
  return result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`;
}
