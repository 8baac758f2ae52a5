import { describe, expect, it } from '@jest/globals';
import { callerWith, anonymous } from '../support/callers.ts';
import { type PlainAnswer, planners } from '../support/federation.ts';
import { createLibrary } from './library.ts';

const member = callerWith();

describe.each(planners)('access directives, planned by %s', (planner) => {
  it('threat 36: answers null and an error for a forbidden field, and does not fetch it', async () => {
    const library = createLibrary();
    const answer = await library.ask('{ book { id price } desk { number } }', {
      planner,
      caller: anonymous,
    });
    expect(answer).toEqual({
      data: { book: { id: 'b1', price: null }, desk: null },
      errors: [notLoggedIn('book', 'price'), notLoggedIn('desk')],
    });
    expect(library.calls).toHaveLength(1);
    expect(fetched(library.calls)).not.toMatch(/price|desk/);
  });

  it('threat 36: calls no subgraph when nothing is left', async () => {
    const library = createLibrary();
    const answer = await library.ask('{ desk { number drawer { size } } }', {
      planner,
      caller: anonymous,
    });
    expect(answer).toEqual({ data: { desk: null }, errors: [notLoggedIn('desk')] });
    expect(library.calls).toEqual([]);
  });

  it('threat 36: does not run a forbidden mutation, but runs the allowed one next to it', async () => {
    const library = createLibrary();
    const answer = await library.ask('mutation { lend(id: "b1") { id } ask(question: "who") }', {
      planner,
      caller: callerWith({ scopes: ['admin'] }),
    });
    expect(answer).toEqual({
      data: { lend: null, ask: 'who?' },
      errors: [forbidden('lend')],
    });
    expect(fetched(library.calls)).not.toContain('lend');
  });

  it('answers everything to a viewer who may see it, with the plan of a gateway without access rules', async () => {
    const library = createLibrary();
    const open = createLibrary({ enabled: false });
    const caller = callerWith({ scopes: ['price'] });
    const query = '{ book { id price borrower } }';
    const answer = { data: { book: { id: 'b1', price: 100, borrower: 'Ann' } } };
    expect(await library.ask(query, { planner, caller })).toEqual(answer);
    expect(await open.ask(query, { planner })).toEqual(answer);
    expect(library.calls).toEqual(open.calls);
    expect(await library.askForText(query, { planner, caller })).toBe(
      '{"data":{"book":{"id":"b1","price":100,"borrower":"Ann"}}}',
    );
  });

  it('propagates null from a forbidden non-null field, without a second error (§6.4.4)', async () => {
    const answer = await createLibrary().ask('{ book { id borrower } books { borrower } }', {
      planner,
      caller: anonymous,
    });
    expect(answer).toEqual({
      data: { book: null, books: null },
      errors: [notLoggedIn('book', 'borrower'), notLoggedIn('books', '@', 'borrower')],
    });
  });

  it('threat 33: gives the same verdict under an alias, in a fragment and in an inline fragment', async () => {
    const query = `
      { a: book { p: price } b: book { ...Price } c: book { ... { price } } d: book { ... on Book { price } } }
      fragment Price on Book { price }
    `;
    const { data, errors } = await createLibrary().ask(query, { planner, caller: member });
    expect(data).toEqual({
      a: { p: null },
      b: { price: null },
      c: { price: null },
      d: { price: null },
    });
    expect(pathsOf({ errors })).toEqual(['a/p', 'b/price', 'c/price', 'd/price']);
  });

  it('threat 33: refuses an interface without a type condition when one of its types is protected', async () => {
    const answer = await createLibrary().ask('{ items { id } }', { planner, caller: anonymous });
    expect(answer).toEqual({ data: { items: null }, errors: [notLoggedIn('items')] });
  });

  it('threat 33: considers the fragments around an interface', async () => {
    const query = '{ items { ... { ...Id } } } fragment Id on Item { id }';
    const { errors } = await createLibrary().ask(query, { planner, caller: anonymous });
    expect(pathsOf({ errors })).toEqual(['items']);
  });

  it('threat 33: refuses a field of an interface that one of its types protects, and only that field', async () => {
    const answer = await createLibrary().ask('{ items { label owner } }', {
      planner,
      caller: member,
    });
    expect(answer.data).toEqual({
      items: [
        { label: null, owner: 'o' },
        { label: null, owner: 'o' },
        { label: null, owner: 'o' },
      ],
    });
    expect(pathsOf(answer)).toEqual(['items/@/label']);
  });

  it('threat 33: decides each type condition of an interface separately', async () => {
    const query = `{ items { __typename
      ... on Novel { id pages } ... on Diary { label day } ... on Letter { label sender } } }`;
    const library = createLibrary();
    const answer = await library.ask(query, { planner, caller: anonymous });
    expect(answer.data).toEqual({
      items: [
        { __typename: 'Novel', id: 'n1', pages: 9 },
        { __typename: 'Diary', label: null, day: null },
        { __typename: 'Letter', label: null, sender: 'me' },
      ],
    });
    expect(pathsOf(answer)).toEqual(['items/@/... on Diary', 'items/@/... on Letter/label']);
    expect(fetched(library.calls)).not.toMatch(/day|label/);
  });

  it('threat 33: decides each type condition of a union separately, and always allows __typename', async () => {
    const query = '{ entry { __typename ... on Novel { pages } ... on Diary { day } } }';
    const answer = await createLibrary().ask(query, { planner, caller: anonymous });
    expect(answer).toEqual({
      data: { entry: { __typename: 'Diary', day: null } },
      errors: [notLoggedIn('entry', '... on Diary')],
    });
  });

  it('threat 33: decides about a fragment by the objects it is spread on', async () => {
    const query = '{ novel { ...Label } item { ...Label } } fragment Label on Item { label }';
    const answer = await createLibrary().ask(query, { planner, caller: anonymous });
    expect(answer.data).toEqual({ novel: { label: 'N' }, item: null });
    expect(pathsOf(answer)).toEqual(['item']);
  });

  it('threat 34: uses a protected key, but does not return it', async () => {
    const library = createLibrary();
    expect(await library.ask('{ shelf { label free } }', { planner, caller: anonymous })).toEqual({
      data: { shelf: { label: 'Top', free: 4 } },
    });
    const asked = await library.ask('{ shelf { label free code } }', {
      planner,
      caller: anonymous,
    });
    expect(asked).toEqual({ data: { shelf: null }, errors: [notLoggedIn('shelf', 'code')] });
  });

  it('threat 34: does not reveal a protected input of @requires', async () => {
    const library = createLibrary();
    const query = '{ book { copies tax } }';
    const answer = await library.ask(query, { planner, caller: member });
    expect(answer).toEqual({
      data: { book: { copies: 2, tax: null } },
      errors: [forbidden('book', 'tax')],
    });
    expect(fetched(library.calls)).not.toMatch(/price|tax/);
  });

  it('decides about scalars and enums by the fields with their values', async () => {
    const query = '{ book { notes mood } }';
    const ask = async (caller = member): Promise<PlainAnswer> =>
      createLibrary().ask(query, { planner, caller });
    expect(pathsOf(await ask())).toEqual(['book/notes', 'book/mood']);
    expect(await ask(callerWith({ scopes: ['notes'], policies: ['owner'] }))).toEqual({
      data: { book: { notes: 'torn', mood: 'GOOD' } },
    });
  });

  it('decides about a list by the type of its items', async () => {
    const { errors } = await createLibrary().ask('{ book { secrets { text } } }', {
      planner,
      caller: anonymous,
    });
    expect(pathsOf({ errors })).toEqual(['book/secrets']);
  });

  it.each([
    [[], true],
    [['admin'], true],
    [['night'], true],
    [['lend'], false],
    [['admin', 'night'], false],
  ])('with the scopes %j refuses one of two alternatives: %s', async (scopes, isRefused) => {
    const answer = await createLibrary().ask('mutation { lend(id: "b1") { id } }', {
      planner,
      caller: callerWith({ scopes }),
    });
    expect(answer.errors !== undefined).toBe(isRefused);
  });

  it('distinguishes unauthenticated from forbidden, even when only a scope or a policy is required', async () => {
    const library = createLibrary();
    for (const [caller, error] of [
      [anonymous, notLoggedIn('lend')],
      [member, forbidden('lend')],
      [anonymous, notLoggedIn('lend')],
    ] as const) {
      const { errors } = await library.ask('mutation { lend(id: "b1") { id } }', {
        planner,
        caller,
      });
      expect(errors).toEqual([error]);
    }
    const codes = async (caller = member): Promise<unknown> =>
      (await library.ask('{ ledger { sum } }', { planner, caller })).errors?.map(
        ({ extensions }) => extensions?.code,
      );
    expect(await codes()).toEqual(['FORBIDDEN']);
    expect(await codes(anonymous)).toEqual(['UNAUTHENTICATED']);
  });

  it.each([
    [['auditor'], ['ledger/sum', 'ledger/total']],
    [['auditor', 'weekday'], ['ledger/total']],
    [['owner'], []],
  ])('with the policies %j does not return %j', async (policies, refused) => {
    const answer = await createLibrary().ask('{ ledger { sum total } }', {
      planner,
      caller: callerWith({ policies }),
    });
    expect(pathsOf(answer)).toEqual(refused);
  });

  it.each([
    ['{ book { id price @skip(if: true) } }', {}],
    ['query ($wanted: Boolean = false) { book { id price @include(if: $wanted) } }', {}],
    ['query ($wanted: Boolean!) { book { id price @include(if: $wanted) } }', { wanted: false }],
    [
      'query ($wanted: Boolean!) { items { __typename ... on Item @include(if: $wanted) { id } } book { id } }',
      { wanted: false },
    ],
  ])('reports no error for a forbidden part that is excluded: %s', async (query, variables) => {
    const answer = await createLibrary().ask(query, { planner, caller: anonymous, variables });
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchObject({ book: { id: 'b1' } });
  });

  it('follows the variables of @include from one request to the next', async () => {
    const library = createLibrary();
    const query = 'query ($wanted: Boolean!) { book { id price @include(if: $wanted) } }';
    const ask = async (wanted: boolean): Promise<PlainAnswer> =>
      library.ask(query, { planner, caller: anonymous, variables: { wanted } });
    expect(await ask(false)).toEqual({ data: { book: { id: 'b1' } } });
    expect(pathsOf(await ask(true))).toEqual(['book/price']);
    expect(await ask(false)).toEqual({ data: { book: { id: 'b1' } } });
  });

  it('merges fields when some of their selections are forbidden', async () => {
    const query = '{ book { id } book { price } book { ...P } } fragment P on Book { price title }';
    const answer = await createLibrary().ask(query, { planner, caller: anonymous });
    expect(answer.data).toEqual({ book: { id: 'b1', price: null, title: 'Emma' } });
    expect(pathsOf(answer)).toEqual(['book/price']);
  });

  it('answers introspection and __typename for every viewer', async () => {
    const query = '{ __typename __schema { queryType { name } } desk { number } }';
    const { data } = await createLibrary().ask(query, { planner, caller: anonymous });
    expect(data).toEqual({
      __typename: 'Query',
      __schema: { queryType: { name: 'Query' } },
      desk: null,
    });
  });

  it('threat 43: gives each of three viewers their own response, 1,000 times in turn', async () => {
    const library = createLibrary();
    const query = '{ book { id price title } desk { number } }';
    const viewers = [
      { caller: anonymous, data: { book: { ...book, price: null }, desk: null }, refused: 2 },
      { caller: member, data: { book: { ...book, price: null }, desk }, refused: 1 },
      { caller: callerWith({ scopes: ['price'] }), data: { book, desk }, refused: 0 },
    ];
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const viewer = viewers[index % viewers.length];
        if (!viewer) return;
        const { caller, data, refused } = viewer;
        const answer = await library.ask(query, { planner, caller });
        expect(answer.data).toEqual(data);
        expect(answer.errors ?? []).toHaveLength(refused);
      }),
    );
  });

  it('returns the same response as text', async () => {
    const query =
      '{ items { __typename ... on Novel { id } ... on Diary { day } } book { price } }';
    const library = createLibrary();
    const asObject = await library.ask(query, { planner, caller: anonymous });
    const asText = await library.askForText(query, { planner, caller: anonymous });
    expect(JSON.parse(asText)).toEqual(asObject);
  });
});

const book = { id: 'b1', price: 100, title: 'Emma' };
const desk = { number: 7 };

function notLoggedIn(...path: readonly string[]): object {
  return { message: 'Log in to use this.', path, extensions: { code: 'UNAUTHENTICATED' } };
}

function forbidden(...path: readonly string[]): object {
  return { message: 'You may not use this.', path, extensions: { code: 'FORBIDDEN' } };
}

function pathsOf({ errors = [] }: Pick<PlainAnswer, 'errors'>): readonly string[] {
  return errors.map(({ path, extensions }) => {
    expect(['UNAUTHENTICATED', 'FORBIDDEN']).toContain(extensions?.code);
    return path?.join('/') ?? 'no path';
  });
}

function fetched(calls: readonly { readonly query: string }[]): string {
  return calls.map(({ query }) => query).join('\n');
}
