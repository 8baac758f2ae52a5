import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../common/errors.ts';
import { createLogger } from '../../common/logger.ts';
import { createCancellation } from '../../engine/fetching/cancellation.ts';
import type { ReportedProblem, SubgraphProblem } from '../../engine/fetching/types.ts';
import { subgraphFailure, subgraphRequest } from '../../test/support/subgraph-calls.ts';
import { createProblemMapper, type SubgraphErrorOptions } from './subgraph-errors.ts';

describe('fetching/subgraph-errors', () => {
  it.each([
    'BAD_USER_INPUT',
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'NOT_FOUND',
    'RATE_LIMITED',
    'OVERLOADED',
  ])('passes on only the code and message of %s', (code) => {
    const { map, lines } = mapper();
    const problem = reported('Not yours.', {
      code,
      stacktrace: ['at db.ts:1'],
      http: { status: 500 },
    });
    expect(map(problem, subgraphRequest())).toEqual({
      message: 'Not yours.',
      extensions: { code },
    });
    expect(lines).toEqual([]);
  });

  it.each([
    ['INTERNAL_SERVER_ERROR'],
    ['GRAPHQL_VALIDATION_FAILED'],
    ['DATABASE_UNAVAILABLE'],
    ['__proto__'],
    [undefined],
    [42],
    [{ toString: () => 'FORBIDDEN' }],
  ])('hides errors with the code %p', (code) => {
    const { map, lines } = mapper();
    const secret = 'relation "orders" does not exist at 10.0.0.7';
    expect(map(reported(secret, { code, sql: 'select 1' }), subgraphRequest())).toEqual({
      message: 'A subgraph failed to answer properly.',
      extensions: { code: 'SUBGRAPH_ERROR' },
    });
    expect(lines).toMatchObject([
      { level: 'error', correlationId: 'test-correlation-id', subgraph: 'orders', reason: secret },
    ]);
  });

  it.each([
    ['SUBGRAPH_ERROR', 'A subgraph failed to answer properly.', subgraphFailure({ status: 500 })],
    [
      'SUBGRAPH_TIMEOUT',
      'A subgraph did not answer in time.',
      subgraphFailure({}, 'SUBGRAPH_TIMEOUT'),
    ],
    [
      'OVERLOADED',
      'The service is at its capacity; try again.',
      new AppError('OVERLOADED', 'orders is full'),
    ],
    [
      'SUBGRAPH_ERROR',
      'A subgraph failed to answer properly.',
      new TypeError('x is not a function'),
    ],
    ['SUBGRAPH_ERROR', 'A subgraph failed to answer properly.', 'thrown as text'],
    ['SUBGRAPH_ERROR', 'A subgraph failed to answer properly.', undefined],
  ])('maps to %s what was thrown: %s', (code, message, error) => {
    const { map, lines } = mapper();
    const told = map({ kind: 'thrown', error }, subgraphRequest({ path: ['orders', '@', 'user'] }));
    const retry = code === 'OVERLOADED' ? { retryAfterSeconds: 1 } : {};
    expect(told).toEqual({ message, extensions: { code, ...retry } });
    expect(lines).toMatchObject([
      { level: 'error', correlationId: 'test-correlation-id', path: 'orders.@.user' },
    ]);
  });

  it('logs the whole chain of causes', () => {
    const { map, lines } = mapper();
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:4003');
    map({ kind: 'thrown', error: subgraphFailure({ cause }) }, subgraphRequest());
    expect(JSON.stringify(lines)).toContain('connect ECONNREFUSED 10.0.0.7:4003');
  });

  it('names the subgraph only in development', () => {
    const problems = [reported('No.', { code: 'FORBIDDEN' }), reported('boom', undefined)];
    const inMode = (mode: 'development' | 'production'): readonly unknown[] => {
      const { map } = mapper({ mode });
      return problems.map((problem) => map(problem, subgraphRequest()).extensions.serviceName);
    };
    expect(inMode('development')).toEqual(['orders', 'orders']);
    expect(inMode('production')).toEqual([undefined, undefined]);
  });

  it('logs no warning when the client has disconnected', () => {
    const { map, lines } = mapper();
    const cancellation = createCancellation();
    cancellation.cancel();
    map(
      { kind: 'thrown', error: subgraphFailure() },
      subgraphRequest({ context: { cancellation } }),
    );
    expect(lines).toMatchObject([{ level: 'debug' }]);
  });

  it('limits how much of a subgraph error reaches the response and the log', () => {
    const { map, lines } = mapper();
    const long = 'x'.repeat(1_000_000);
    const told = map(reported(long, { code: 'FORBIDDEN' }), subgraphRequest());
    expect(told.message).toHaveLength(1_000);
    map(reported(long, { code: 'X', detail: long }), subgraphRequest());
    expect(JSON.stringify(lines).length).toBeLessThan(10_000);
  });

  it('writes one line for all errors of a response, with the details of the first ones', () => {
    const { map, lines } = mapper();
    const problems: ReportedProblem[] = [];
    const report = { problems, count: 80_000 };
    for (let index = 0; index < 100; index += 1) {
      const code = index % 2 === 0 ? 'FORBIDDEN' : 'X';
      const message = `boom ${index}${'!'.repeat(1_000)}`;
      problems.push({ kind: 'reported', message, extensions: { code }, report });
    }
    const codes = problems.map((problem) => map(problem, subgraphRequest()).extensions.code);
    expect(new Set(codes)).toEqual(new Set(['FORBIDDEN', 'SUBGRAPH_ERROR']));
    expect(lines).toMatchObject([
      { reason: expect.stringMatching(/^boom 1!/), errors: 80_000, extensions: '{"code":"X"}' },
    ]);
    const [{ otherReasons }] = lines as [{ otherReasons: string[] }];
    expect(otherReasons.map((reason) => reason.split('!', 1)[0])).toEqual(
      [3, 5, 7, 9, 11, 13, 15, 17, 19].map((index) => `boom ${index}`),
    );
    expect(otherReasons[0]).toHaveLength(300);
  });

  it('survives extensions that are nested very deeply', () => {
    const { map, lines } = mapper();
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    map(reported('boom', { deep }), subgraphRequest());
    // Node.js 26 writes them without recursion.
    const written = /^(cannot be written as text|\{"deep":\[{3992})$/;
    expect(lines).toMatchObject([{ reason: 'boom', extensions: expect.stringMatching(written) }]);
  });
});

function mapper(options: Partial<SubgraphErrorOptions> = {}) {
  const lines: unknown[] = [];
  const log = createLogger('gateway', 'debug', { write: (line) => lines.push(JSON.parse(line)) });
  return { map: createProblemMapper({ mode: 'production', log, ...options }), lines };
}

function reported(
  message: string,
  extensions: Record<string, unknown> | undefined,
): SubgraphProblem {
  return { kind: 'reported', message, extensions };
}
