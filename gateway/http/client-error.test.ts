import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { AppError } from '../../common/errors.ts';
import { errorFormat, isHidden } from './client-error.ts';

/** What a client sees of an error that graphql-js reports. */
function told(error: Error) {
  const { message } = error;
  return errorFormat('development')(
    error instanceof GraphQLError ? error : new GraphQLError(message, { originalError: error }),
  );
}

describe('http/client-error', () => {
  it.each(['FORBIDDEN', 'SUBGRAPH_TIMEOUT', 'GRAPHQL_VALIDATION_FAILED'])('tells %s', (code) => {
    const error = new GraphQLError('In words.', { path: ['a', 0], extensions: { code } });
    expect(told(error)).toEqual({ message: 'In words.', path: ['a', 0], extensions: { code } });
    expect(isHidden(error)).toBe(false);
  });

  it('keeps the code of a catalogue error, even when it is wrapped', () => {
    const originalError = new AppError('RATE_LIMITED', 'Too many.');
    const error = new GraphQLError('Too many.', { originalError });
    expect(told(error)).toEqual({ message: 'Too many.', extensions: { code: 'RATE_LIMITED' } });
    expect(told(originalError)).toEqual(told(error));
  });

  it.each([
    ['a programming error', new TypeError('x is undefined at /srv/a.ts:1')],
    ['an unknown code', new GraphQLError('from db.internal', { extensions: { code: 'E42' } })],
    ['no code', new GraphQLError('from db.internal')],
    ['a code for errors at startup', new AppError('DATA_DIRECTORY_LOCKED', 'in /srv/data')],
    ['a property name of Object', new GraphQLError('odd', { extensions: { code: 'constructor' } })],
  ])('hides %s', (_what, error) => {
    const internal = { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
    expect(told(error)).toEqual(internal);
    expect(isHidden(error)).toBe(true);
  });

  it.each<readonly [unknown, object]>([
    [90, { retryAfterSeconds: 90 }],
    [86_400, { retryAfterSeconds: 3_600 }],
    [-1, {}],
    [0.5, {}],
    ['90', {}],
  ])('says when to try again: for %j at most in an hour', (retryAfterSeconds, expected) => {
    const extensions = { code: 'RATE_LIMITED', retryAfterSeconds };
    const error = new GraphQLError('Too many.', { extensions });
    expect(told(error).extensions).toEqual({ code: 'RATE_LIMITED', ...expected });
  });

  it('passes no other extensions', () => {
    const extensions = {
      code: 'FORBIDDEN',
      serviceName: 'users',
      stacktrace: ['at a.ts'],
      sql: '',
    };
    expect(told(new GraphQLError('No.', { extensions })).extensions).toEqual({
      code: 'FORBIDDEN',
      serviceName: 'users',
    });
  });
});
