import { describe, expect, it } from '@jest/globals';
import { anonymous } from '../support/callers.ts';
import { createLibrary } from './library.ts';

const query = 'query Reading { book { id price } }';
const error = {
  message: 'Log in to use this.',
  path: ['book', 'price'],
  extensions: { code: 'UNAUTHENTICATED' },
};

describe('access settings', () => {
  it('ignores the directives when disabled', async () => {
    const library = createLibrary({ enabled: false });
    expect(await library.ask(query, { caller: anonymous })).toEqual({ data: bookWith(100) });
  });

  it('only logs in a dry run', async () => {
    const lines: string[] = [];
    const library = createLibrary({ dryRun: true, log: (line) => lines.push(line) });
    expect(await library.ask(query, { caller: anonymous })).toEqual({ data: bookWith(100) });
    expect(lines).toEqual(['Would remove book/price from operation "Reading": not authorized.']);
  });

  it('refuses the operation as a whole with rejectUnauthorized, and calls no subgraph', async () => {
    const library = createLibrary({ rejectUnauthorized: true });
    expect(await library.ask(query, { caller: anonymous })).toEqual({
      data: null,
      errors: [error],
    });
    expect(library.calls).toEqual([]);
    expect(await library.ask('{ book { id } }', { caller: anonymous })).toEqual({
      data: { book: { id: 'b1' } },
    });
  });

  it.each([
    ['errors', { errors: [error] }],
    ['extensions', { extensions: { authorizationErrors: [error] } }],
    ['disabled', {}],
  ] as const)('reports what was removed in: %s', async (response, told) => {
    const library = createLibrary({ errors: { response } });
    const expected = { data: bookWith(null), ...told };
    expect(await library.ask(query, { caller: anonymous })).toEqual(expected);
    expect(JSON.parse(await library.askForText(query, { caller: anonymous }))).toEqual(expected);
  });

  it.each([
    [true, ['Removed book/price from operation "Reading": not authorized.']],
    [false, []],
  ])('with logging set to %s writes %j', async (log, expected) => {
    const lines: string[] = [];
    const library = createLibrary({ errors: { log }, log: (line) => lines.push(line) });
    await library.ask(query, { caller: anonymous });
    expect(lines).toEqual(expected);
  });
});

function bookWith(price: number | null): object {
  return { book: { id: 'b1', price } };
}
