import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { SubgraphFailure } from '../fetching/failure.ts';
import type { SubgraphRequest } from '../fetching/types.ts';
import { passReportedErrors } from './problem-mapper.ts';

const request = { subgraph: 'users' } as SubgraphRequest;
const internal = {
  stacktrace: ['at x'],
  exception: {},
  response: { url: 'http://10.0.0.1' },
  http: { status: 200 },
};

describe('execution/problem mapper', () => {
  it('passes the errors of a subgraph, without internal extensions', () => {
    const extensions = { code: 'NOT_FOUND', hint: 'look again', ...internal };
    expect(passReportedErrors({ kind: 'reported', message: 'No.', extensions }, request)).toEqual({
      message: 'No.',
      extensions: { code: 'NOT_FOUND', hint: 'look again', serviceName: 'users' },
    });
  });

  it('adds a code to an error without one', () => {
    const { extensions } = passReportedErrors(
      { kind: 'reported', message: 'No.', extensions: undefined },
      request,
    );
    expect(extensions).toEqual({ code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'users' });
  });

  it('passes the errors of a custom data source, without the response', () => {
    const error = new GraphQLError('401: Unauthorized', {
      extensions: { code: 'UNAUTHENTICATED', ...internal },
    });
    expect(passReportedErrors({ kind: 'thrown', error }, request)).toEqual({
      message: '401: Unauthorized',
      extensions: { code: 'UNAUTHENTICATED', serviceName: 'users' },
    });
  });

  it.each([
    [
      new SubgraphFailure('SUBGRAPH_TIMEOUT', 'users', 'at 10.0.0.1'),
      'SUBGRAPH_TIMEOUT',
      'A subgraph did not answer in time.',
    ],
    [
      new SubgraphFailure('SUBGRAPH_ERROR', 'users', 'at 10.0.0.1'),
      'SUBGRAPH_ERROR',
      'A subgraph failed to answer.',
    ],
    [new TypeError('undefined is no function'), 'SUBGRAPH_ERROR', 'A subgraph failed to answer.'],
    ['a text', 'SUBGRAPH_ERROR', 'A subgraph failed to answer.'],
  ])('never reveals why a subgraph could not be called', (error, code, message) => {
    expect(passReportedErrors({ kind: 'thrown', error }, request)).toEqual({
      message,
      extensions: { code, serviceName: 'users' },
    });
  });
});
