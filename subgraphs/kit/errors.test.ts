import { describe, expect, it } from '@jest/globals';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError } from '../../common/errors.ts';
import { createLogger, type Logger } from '../../common/logger.ts';
import { logUnexpected, toFormattedError } from './errors.ts';

describe('kit/errors', () => {
  it('keeps only code, message and location of a catalogue error', () => {
    expect(format(new AppError('FORBIDDEN', 'You may not.')).answer).toEqual({
      message: 'You may not.',
      path: ['product'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it.each([
    ['GRAPHQL_PARSE_FAILED', 'Syntax Error: Unexpected "}".'],
    ['GRAPHQL_VALIDATION_FAILED', 'Cannot query field "x".'],
    ['OPERATION_RESOLUTION_FAILURE', 'Unknown operation named "x".'],
    ['BAD_USER_INPUT', 'Variable "$id" got an invalid value.'],
  ])("reports a client's own mistake: %s", (code, message) => {
    const { answer, logged } = format(new GraphQLError(message, { extensions: { code } }));
    expect(answer).toMatchObject({ message, extensions: { code } });
    expect(logged).toEqual([]);
  });

  it.each(['22021', '22P02', '22003', '22007', '22008'])(
    'maps SQLSTATE %s to a value that cannot be stored',
    (code) => {
      const { answer } = format(Object.assign(new Error('at character 7 of …'), { code }));
      expect(answer).toMatchObject({
        message: 'A value cannot be stored.',
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  );

  it('maps SQLSTATE 57014 to a response that took too long', () => {
    const ended = new Error('canceling statement due to statement timeout');
    const { answer, logged } = format(Object.assign(ended, { code: '57014' }));
    expect(answer).toMatchObject({
      message: 'The response took too long.',
      extensions: { code: 'SUBGRAPH_TIMEOUT' },
    });
    expect(logged).toEqual([]);
  });

  it.each([
    ['an error of the database', Object.assign(new Error('relation "users"'), { code: '42P01' })],
    ['any error', new Error('secret')],
    ['a code that is not in the catalogue', new GraphQLError('x', { extensions: { code: 'ODD' } })],
    ['text', 'secret'],
    ['undefined', undefined],
    ['null', null],
  ])('hides %s, and logs it', (_, thrown) => {
    const { answer, logged } = format(thrown);
    expect(answer).toEqual({
      message: 'Internal error',
      path: ['product'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(logged).toMatchObject([
      { level: 'error', msg: 'resolver failed', correlationId: 'a-correlation-id' },
    ]);
  });
});

/** Formats what a resolver threw the way the server does: wrapped, with its location. */
function format(thrown: unknown): { answer: GraphQLFormattedError; logged: readonly object[] } {
  const { log, logged } = recordingLogger();
  const wrapped =
    thrown instanceof Error && !(thrown instanceof GraphQLError)
      ? new GraphQLError(thrown.message, { originalError: thrown })
      : thrown;
  const formatted: GraphQLFormattedError = {
    message: thrown instanceof Error ? thrown.message : String(thrown),
    path: ['product'],
    locations: [{ line: 1, column: 3 }],
    extensions: {
      ...(thrown instanceof GraphQLError ? thrown.extensions : { code: 'INTERNAL_SERVER_ERROR' }),
      stacktrace: ['at secret.ts:1'],
    },
  };
  const error = wrapped instanceof GraphQLError ? wrapped : new GraphQLError(String(wrapped));
  logUnexpected(error, 'a-correlation-id', log);
  return { answer: toFormattedError(formatted, wrapped), logged };
}

function recordingLogger(): { readonly log: Logger; readonly logged: object[] } {
  const logged: object[] = [];
  const log = createLogger('test', 'info', {
    write: (line) => {
      logged.push(JSON.parse(line) as object);
    },
  });
  return { log, logged };
}
